/** The content rules that are on for every scenario; a rulepack lifts one for some files with `permit`. */
export const CONTENT_RULES = [
  'terraform/provisioner',
  'terraform/external-data',
  'terraform/backend',
  'terraform/source',
  'helm/hook',
  'helm/privilege',
  'helm/repository',
  'prometheus/remote',
  'prometheus/credentials',
  'alertmanager/receiver',
  'alerts/url',
  'dashboard/script',
  'workflow/privilege',
  'text/secret',
] as const;
export type ContentRuleId = (typeof CONTENT_RULES)[number];

/** A text file on both sides of the change; null where it does not exist. */
export type TextChange = { readonly path: string; readonly before: string | null; readonly after: string | null };

/** A predicate over what changed in files of one type. */
export type ContentRule = {
  readonly id: ContentRuleId;
  /** What the rule keeps out and why, one sentence without the full stop. */
  readonly why: string;
  /** Whether the rule has to see a file of this path. */
  applies(path: string): boolean;
  /** One phrase for each thing found ("it runs `local-exec`"); empty when the change is harmless in this respect. */
  check(change: TextChange): readonly string[];
};
