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
  // merge: what was asked
  'nothing_requested',
  'pull_merged',
  'pull_closed',
  // merge: path policy
  'no_scenario',
  'rulepack_invalid',
  'forbidden_path',
  'denied_path',
  'unsafe_path',
  'special_file',
  'executable_mode',
  'files_incomplete',
  'too_many_files',
  'too_many_changes',
  'content_forbidden',
  'content_unread',
  'cooldown',
  // merge: origin and actor
  'fork_head',
  'author_untrusted',
  'pusher_untrusted',
  'pusher_unknown',
  'actor_untrusted',
  'comment_changed',
  'request_stale',
  // merge: labels
  'label_missing',
  'label_stale',
  'label_unproven',
  'label_blocks',
  // merge: checks
  'check_missing',
  'check_pending',
  'check_not_green',
  'check_unbound',
  'checks_incomplete',
  // merge: base and mergeability
  'base_not_allowed',
  'head_moved',
  'merge_conflict',
  'mergeable_unknown',
  'draft',
  'threads_unresolved',
  'changes_requested',
  'reviews_missing',
  'branch_behind',
  'method_not_allowed',
  'not_relaxable',
  'not_only_review',
  'protection_unreadable',
  'frozen',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];
