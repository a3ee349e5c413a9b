import type { ContentRule, TextChange } from './rules.ts';
import { leaves, yamlValues } from './yaml-values.ts';

const UNREADABLE = 'it cannot be read as YAML, so nobody can say what it does';

const isTemplate = (path: string): boolean => /(^|\/)templates\/.+\.(ya?ml|tpl|txt)$/i.test(path);
const isChartFile = (path: string): boolean =>
  isTemplate(path) || /(^|\/)(values[^/]*|chart|requirements)\.ya?ml$/i.test(path);

/** Keys that take a container out of its box, and the values that do. */
const PRIVILEGES: readonly { readonly key: RegExp; readonly harmless: readonly unknown[] }[] = [
  {
    key: /^(privileged|allowPrivilegeEscalation|hostNetwork|hostPID|hostIPC|shareProcessNamespace)$/i,
    harmless: [false, null],
  },
  { key: /^(hostPath|hostPort|hostUsers|procMount|sysctls)$/i, harmless: [null] },
  { key: /^(runAsUser|runAsGroup|fsGroup)$/i, harmless: [] },
  { key: /^runAsNonRoot$/i, harmless: [true, null] },
  { key: /^(add|capabilities)$/i, harmless: [null] },
  {
    key: /^(command|args|entrypoint|lifecycle|initContainers|extraContainers|sidecars|extraObjects|extraManifests|extraDeploy)$/i,
    harmless: [null],
  },
  {
    key: /^(serviceAccount|serviceAccountName|automountServiceAccountToken|clusterRole|clusterRoleBinding|rbac)$/i,
    harmless: [null],
  },
];

const TEMPLATE_WORDS: readonly { readonly word: RegExp; readonly what: string }[] = [
  {
    word: /\b(privileged|allowPrivilegeEscalation|hostNetwork|hostPID|hostIPC|hostPath|hostPort|capabilities|procMount)\b/i,
    what: 'takes a container out of its box',
  },
  {
    word: /\b(ClusterRole|ClusterRoleBinding|RoleBinding|ServiceAccount|serviceAccountName|automountServiceAccountToken)\b/i,
    what: 'hands out rights',
  },
  {
    word: /\b(MutatingWebhookConfiguration|ValidatingWebhookConfiguration|APIService|CustomResourceDefinition)\b/i,
    what: 'changes the cluster itself',
  },
  { word: /\b(command|args|initContainers|lifecycle)\b\s*:/i, what: 'decides what a container runs' },
  {
    word: /\{\{-?\s*(.*\|\s*)?(tpl|lookup|fromYaml|fromJson|printf|print|cat|b64dec|trunc|replace)\b/,
    what: 'puts text together that cannot be seen here',
  },
  { word: /\\[xuU][0-9a-fA-F]{2}/, what: 'writes letters by number' },
];

/** Leaves whose key or a key above it counts as a privilege; each as one phrase to compare by. */
function privileges(text: string | null): string[] | undefined {
  const documents = yamlValues(text);
  return documents?.flatMap((document) =>
    [...leaves(document)].flatMap(({ keys, value }) => {
      const named = keys.filter((key) =>
        PRIVILEGES.some((each) => each.key.test(key) && !each.harmless.includes(value)),
      );
      return named.length === 0 ? [] : [`it sets ${keys.join('.')} to ${JSON.stringify(value)}`];
    }),
  );
}

function addedLines({ before, after }: TextChange): string[] {
  const known = new Set((before ?? '').split('\n').map((line) => line.trim()));
  return (after ?? '').split('\n').filter((line) => !known.has(line.trim()));
}

/** Expressions are tried on lines of at most this length, so that none takes long. */
const MAX_LINE = 2000;

function privilegeCheck(change: TextChange): string[] {
  if (change.after === null) return [];
  if (isTemplate(change.path)) {
    const lines = addedLines(change);
    if (lines.some((line) => line.length > MAX_LINE)) return [`it has a line of more than ${MAX_LINE} characters`];
    return TEMPLATE_WORDS.flatMap(({ word, what }) => {
      const line = lines.find((each) => word.test(each));
      return line === undefined ? [] : [`the line ${JSON.stringify(line.trim().slice(0, 80))} ${what}`];
    });
  }
  const now = privileges(change.after);
  if (now === undefined) return [UNREADABLE];
  const known = new Set(privileges(change.before) ?? []);
  return now.filter((phrase) => !known.has(phrase));
}

const HOOK =
  /helm\.sh\/(hook|resource-policy)|"helm\.sh|'helm\.sh|pre-install|post-install|pre-upgrade|post-upgrade|post-rollback/i;

/** Charts: what runs outside of the rollout that is watched, or outside of its container. */
export const HELM_RULES: readonly ContentRule[] = [
  {
    id: 'helm/hook',
    why: 'a hook runs once with the rights of the deployment and is not undone by a rollback',
    applies: isChartFile,
    // A hook that was there already counts too: what it runs can be changed from any other line of the file.
    check: ({ after }) => (after !== null && HOOK.test(after) ? ['it has a hook of Helm'] : []),
  },
  {
    id: 'helm/privilege',
    why: 'it decides what a container may do to its host and to the cluster, or what it runs',
    applies: isChartFile,
    check: privilegeCheck,
  },
  {
    id: 'helm/repository',
    why: 'charts and images are code that is run',
    applies: isChartFile,
    check({ before, after, path }) {
      if (isTemplate(path) || after === null) return [];
      const origins = (text: string | null): string[] | undefined =>
        yamlValues(text)?.flatMap((document) =>
          [...leaves(document)]
            .filter(({ keys }) => /^(repository|registry|image|imageName|alias|hub)$/i.test(keys.at(-1) ?? ''))
            .map(({ keys, value }) => `${keys.join('.')} ${JSON.stringify(value)}`),
        );
      const now = origins(after);
      if (now === undefined) return [UNREADABLE];
      const known = new Set(origins(before) ?? []);
      return now.filter((origin) => !known.has(origin)).map((origin) => `it takes code from ${origin}`);
    },
  },
];
