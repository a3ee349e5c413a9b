import type { ClassicRule } from '../state/classic-rule.ts';
import type { RefConditions, Ruleset } from '../state/ruleset.ts';
import type { Repo, World } from '../state.ts';

const patterns = new Map<string, RegExp>();

/**
 * Ruby's `File.fnmatch` with FNM_PATHNAME, which GitHub documents for both kinds of rules: `*` stops at a slash,
 * a `**` segment crosses directories, `[set]` and `?` as in a shell.
 * https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/managing-a-branch-protection-rule
 */
export function fnmatch(pattern: string, name: string): boolean {
  let regex = patterns.get(pattern);
  if (!regex) {
    regex = new RegExp(`^${translate(pattern)}$`, 'u');
    patterns.set(pattern, regex);
  }
  return regex.test(name);
}

function translate(pattern: string): string {
  let out = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    const segmentStart = at === 0 || pattern[at - 1] === '/';
    if (segmentStart && pattern.startsWith('**/', at)) {
      out += '(?:[^/]+/)*';
      at += 2;
    } else if (char === '*') {
      out += '[^/]*';
      while (pattern[at + 1] === '*') at += 1;
    } else if (char === '?') out += '[^/]';
    else if (char === '[' && pattern.indexOf(']', at + 2) > 0) {
      const end = pattern.indexOf(']', at + 2);
      out += `[${pattern
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      at = end;
    } else out += char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }
  return out;
}

export function isWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** The one classic rule that governs a branch: the exact name first, else the oldest matching pattern. */
export function classicRuleFor(repo: Repo, branch: string): ClassicRule | null {
  return (
    repo.classicRules.find(({ pattern }) => pattern === branch) ??
    repo.classicRules.find(({ pattern }) => isWildcard(pattern) && fnmatch(pattern, branch)) ??
    null
  );
}

function refNameMatches(repo: Repo, ref: string, conditions: RefConditions | null): boolean {
  const names = conditions?.ref_name;
  if (!names) return false;
  const one = (pattern: string): boolean => {
    if (pattern === '~ALL') return true;
    if (pattern === '~DEFAULT_BRANCH') return ref === `refs/heads/${repo.defaultBranch}`;
    return fnmatch(pattern, ref);
  };
  return names.include.some(one) && !names.exclude.some(one);
}

function repoMatches(repo: Repo, ruleset: Ruleset): boolean {
  if (ruleset.sourceType === 'Repository') return true;
  const byId = ruleset.conditions?.repository_id;
  if (byId) return byId.repository_ids.includes(repo.id);
  const byName = ruleset.conditions?.repository_name;
  if (!byName) return false;
  const one = (pattern: string): boolean => pattern === '~ALL' || fnmatch(pattern, repo.name);
  return byName.include.some(one) && !byName.exclude.some(one);
}

/** Every ruleset of the repository and of its organization, whatever its enforcement. */
export function rulesetsAround(world: World, repo: Repo): Ruleset[] {
  const above = [...(world.orgRulesets.get(repo.owner)?.values() ?? [])].filter((each) => repoMatches(repo, each));
  return [...repo.rulesets.values(), ...above];
}

/** Active rulesets whose conditions take in a ref (`refs/heads/main`). */
export function activeRulesets(world: World, repo: Repo, ref: string): Ruleset[] {
  const target = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  if (!/^refs\/(heads|tags)\//.test(ref)) return [];
  return rulesetsAround(world, repo).filter(
    (each) => each.target === target && each.enforcement === 'active' && refNameMatches(repo, ref, each.conditions),
  );
}
