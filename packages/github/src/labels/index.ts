import type { Reason } from '@obsgate/core/kernel';
import { reasonOf, type GitHubClient } from '../client/index.ts';

/** Adds labels to a pull request or issue; undefined: done. GitHub makes labels that do not exist yet. */
export async function addLabels(
  client: GitHubClient,
  number: number,
  labels: readonly string[],
): Promise<Reason | undefined> {
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
  const answer = await client.send({ route, params: { issue_number: number, labels } });
  return answer.kind === 'ok' ? undefined : reasonOf(answer.failure, `the labels of #${number} could not be added`);
}

/** Takes a label off; undefined: it is off, whether it was on or not. */
export async function removeLabel(client: GitHubClient, number: number, label: string): Promise<Reason | undefined> {
  const route = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
  const answer = await client.send({ route, params: { issue_number: number, name: label } });
  if (answer.kind === 'ok' || answer.failure.kind === 'not-found') return undefined;
  return reasonOf(answer.failure, `the label of #${number} could not be taken off`);
}
