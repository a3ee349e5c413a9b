import { parseNodeId } from '../ids.ts';
import { canSee } from '../permissions.ts';
import type { ClassicRule } from '../state/classic-rule.ts';
import type { PullState, ReviewThread } from '../state/pull.ts';
import type { Repo } from '../state.ts';
import { findRepo } from '../state.ts';
import type { Context, Node } from './context.ts';
import { fail } from './context.ts';
import { actor } from './actors.ts';
import { gitObject } from './git-objects.ts';
import { protectionRuleNode } from './protection-rule.ts';
import { pullNode, threadNode } from './pull-request.ts';
import { refNode, maySeeRules } from './ref.ts';
import { repositoryNode } from './repository.ts';

function unknownId(id: string): never {
  return fail('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
}

/** The repository a node id names, and what stands behind the first colon. */
function home(context: Context, id: string, kind: string): { readonly repo: Repo; readonly rest: string } {
  const parsed = parseNodeId(id);
  if (parsed?.kind !== kind) return unknownId(id);
  const [full = '', ...rest] = parsed.key.split(':');
  const [owner = '', name = ''] = full.split('/');
  const repo = findRepo(context.world, owner, name);
  return repo && canSee(context.world, context.caller, repo) ? { repo, rest: rest.join(':') } : unknownId(id);
}

export function needRepo(context: Context, id: string): Repo {
  return home(context, id, 'R').repo;
}

export function needPull(context: Context, id: string): { readonly repo: Repo; readonly pull: PullState } {
  const { repo, rest } = home(context, id, 'PR');
  return { repo, pull: repo.pulls.get(Number(rest)) ?? unknownId(id) };
}

export function needThread(
  context: Context,
  id: string,
): { readonly repo: Repo; readonly pull: PullState; readonly thread: ReviewThread } {
  const { repo, rest } = home(context, id, 'PRRT');
  const [number, thread] = rest.split(':').map(Number);
  const pull = repo.pulls.get(number ?? 0) ?? unknownId(id);
  return { repo, pull, thread: pull.threads.find((each) => each.id === thread) ?? unknownId(id) };
}

export function needRule(context: Context, id: string): { readonly repo: Repo; readonly rule: ClassicRule } {
  const { repo, rest } = home(context, id, 'BPR');
  const rule = repo.classicRules.find((each) => each.id === Number(rest));
  return { repo, rule: rule ?? unknownId(id) };
}

export function nodeById(context: Context, id: string): Node {
  const kind: string = parseNodeId(id)?.kind ?? '';
  switch (kind) {
    case 'R':
      return repositoryNode(context, needRepo(context, id));
    case 'PR': {
      const { repo, pull } = needPull(context, id);
      return pullNode(context, repo, pull);
    }
    case 'PRRT': {
      const { repo, pull, thread } = needThread(context, id);
      return threadNode(context, repo, pull, thread);
    }
    case 'BPR': {
      const { repo, rule } = needRule(context, id);
      return maySeeRules(context, repo) ? protectionRuleNode(context, repo, rule) : unknownId(id);
    }
    case 'REF': {
      const { repo, rest } = home(context, id, 'REF');
      return refNode(context, repo, rest) ?? unknownId(id);
    }
    case 'C': {
      const { repo, rest } = home(context, id, 'C');
      return gitObject(context, repo, rest) ?? unknownId(id);
    }
    case 'U':
    case 'BOT':
    case 'O':
      return actor(context.world, parseNodeId(id)?.key ?? '');
    default:
      return unknownId(id);
  }
}
