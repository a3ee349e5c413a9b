/** Label of every revert that this project opens. */
export const REVERT_LABEL = 'obsgate:revert';
/** Label of the issues that tell of a rollback. */
export const INCIDENT_LABEL = 'obsgate:incident';
/** An open issue with this label switches rollbacks off. */
export const STOP_LABEL = 'obsgate:stop-rollback';
/** A repository variable of this name switches rollbacks off: any value but empty, 0, false, no or off. */
export const STOP_VARIABLE = 'OBSGATE_ROLLBACK_STOP';
/** More merges than these are not rolled back within a day without a person. */
export const ROLLBACKS_PER_DAY = 3;

const BRANCH_PREFIX = 'obsgate/revert-';
const SHORT = 12;

/** The one branch that a merge is reverted on. Its creation is the claim: of two runs, one makes it. */
export function revertBranch(pull: number, mergeSha: string): string {
  return `${BRANCH_PREFIX}${pull}-${mergeSha.slice(0, SHORT)}`;
}

export function isRevertBranch(branch: string): boolean {
  return branch.startsWith(BRANCH_PREFIX);
}

/** Hidden in the body of our revert pull requests. It tells them apart from others; nothing is trusted for its sake. */
export function revertMarker(pull: number, mergeSha: string): string {
  return `<!-- obsgate:rollback ${pull} ${mergeSha} -->`;
}

/** Name of the branch that GitHub's revert button and mutation make, without the number it appends to a taken one. */
export function buttonBranch(pull: number, headBranch: string): string {
  return `revert-${pull}-${headBranch}`;
}

/** Last line of the messages of our reverts. */
export function commitTrailer(pull: number, mergeSha: string): string {
  return `Obsgate-Rollback: ${pull} ${mergeSha}`;
}
