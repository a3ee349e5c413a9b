/**
 * The closed set of reason codes. Each has a page in `docs/reasons/<code>.md`; learning and reports
 * count codes, never text. Add a code here and its page in the same commit.
 */
export const REASON_CODES = [
  // gate
  'tool_unavailable',
  'tool_failed',
  'deadline_exceeded',
  'unreadable_input',
  'nothing_to_check',
  'findings',
  'not_selected',
  'disabled_by_config',
  'missing_data',
  'server_unreachable',
  'wrong_server',
  'partial_reload',
  'port_in_use',
  'internal',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];
