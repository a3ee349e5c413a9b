import { resolveCommit } from '../domain/resolve.ts';
import { classicRuleFor } from '../enforce/match.ts';
import { commitsBetween } from '../git/history.ts';
import { readRef } from '../git/refs.ts';
import { isRecord } from '../http/body.ts';
import { nodeId } from '../ids.ts';
import { can } from '../permissions.ts';
import { issueOf } from '../shapes/pull.ts';
import type { Repo } from '../state.ts';
import { fullName } from '../state.ts';
import { connection } from './connection.ts';
import type { Context, Node } from './context.ts';
import { fail } from './context.ts';
import { gitObject } from './git-objects.ts';
import { protectionRuleNode } from './protection-rule.ts';

/** Classic rules are only shown to administrators: an App is told so, a person sees nothing. */
export function maySeeRules({ world, caller }: Context, repo: Repo): boolean {
  if (can(world, caller, repo, 'administration', 'read')) return true;
  if (caller.kind === 'installation') fail('FORBIDDEN', 'Resource not accessible by integration');
  return false;
}

export function refNode(context: Context, repo: Repo, name: string): Node | null {
  const sha = readRef(repo.gitDir, name);
  if (sha === null) return null;
  const [, prefix = '', short = ''] = /^(refs\/[^/]+\/)(.+)$/.exec(name) ?? [];
  const isBranch = prefix === 'refs/heads/';
  return {
    __typename: 'Ref',
    id: nodeId('REF', `${fullName(repo)}:${name}`),
    name: short,
    prefix,
    target: () => gitObject(context, repo, sha),
    repository: () => context.nodes.repository(context, repo),
    compare: (args: unknown) => compare(context, repo, sha, isRecord(args) ? String(args['headRef']) : ''),
    branchProtectionRule: () => {
      const rule = isBranch ? classicRuleFor(repo, short) : null;
      return rule && maySeeRules(context, repo) ? protectionRuleNode(context, repo, rule) : null;
    },
    associatedPullRequests: (args: unknown) => {
      const pulls = [...repo.pulls.values()].filter(
        (pull) => pull.headRef === short && issueOf(repo, pull).state === 'open',
      );
      return connection('associatedPullRequests', pulls, args, (pull) => context.nodes.pull(context, repo, pull));
    },
  };
}

async function compare(context: Context, repo: Repo, base: string, headRef: string): Promise<Node | null> {
  const head = resolveCommit(repo, headRef)?.sha;
  if (head === undefined) return null;
  const [ahead, behind] = await Promise.all([
    commitsBetween(repo.gitDir, base, head),
    commitsBetween(repo.gitDir, head, base),
  ]);
  const apart = ahead.length > 0 && behind.length > 0;
  const status = apart ? 'DIVERGED' : ahead.length > 0 ? 'AHEAD' : behind.length > 0 ? 'BEHIND' : 'IDENTICAL';
  return {
    __typename: 'Comparison',
    id: nodeId('CMP', `${fullName(repo)}:${base}...${head}`),
    aheadBy: ahead.length,
    behindBy: behind.length,
    status,
    baseTarget: () => gitObject(context, repo, base),
    headTarget: () => gitObject(context, repo, head),
  };
}
