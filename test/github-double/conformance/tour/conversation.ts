import { must, repository, within, type Go } from './traveller.ts';

/** Pull requests from opening to merging, with their reviews, and issues with their labels and history. */
export async function tourConversation(go: Go): Promise<void> {
  await tourIssue(go);
  const at = await openPull(go, 'one');
  await go('installation', 'POST', `${at}/reviews`, { event: 'APPROVE', body: 'Fine' });
  const pending = await go('installation', 'POST', `${at}/reviews`, { body: 'Not yet sent' });
  await go('installation', 'GET', `${at}/reviews/${must(pending['id'])}`);
  const sent = await go('installation', 'POST', `${at}/reviews/${must(pending['id'])}/events`, { event: 'APPROVE' });
  await go('person', 'PUT', `${at}/reviews/${must(sent['id'])}/dismissals`, { message: 'Outdated', event: 'DISMISS' });
  await go('person', 'PUT', `${repository}/contents/meanwhile.md`, { message: 'Meanwhile', content: 'eA==' });
  await go('person', 'PUT', `${at}/update-branch`, {});
  await go('person', 'GET', at);
  await go('person', 'PUT', `${at}/merge`, { merge_method: 'squash' });
  await go('person', 'GET', `${at}/merge`);
  await go('person', 'GET', `${repository}/issues/events`);
  await go('person', 'GET', `${repository}/issues/${at.split('/').at(-1) ?? ''}/timeline`);
  await tourAsyncMerge(go);
}

async function tourAsyncMerge(go: Go): Promise<void> {
  const at = await openPull(go, 'two');
  await go('person', 'GET', at);
  const started = await go('person', 'PUT', `${at}/merge-async`, { merge_method: 'merge' });
  await go('person', 'GET', `${at}/merge-async/${must(within(started, 'details')['uuid'])}`);
}

async function tourIssue(go: Go): Promise<void> {
  const issue = await go('person', 'POST', `${repository}/issues`, { title: 'Freeze', body: 'All merges' });
  const at = `${repository}/issues/${must(issue['number'])}`;
  await go('person', 'POST', `${repository}/labels`, { name: 'freeze', color: 'b60205' });
  await go('person', 'PUT', `${at}/labels`, { labels: ['freeze'] });
  await go('person', 'POST', `${at}/assignees`, { assignees: ['dev'] });
  const comment = await go('installation', 'POST', `${at}/comments`, { body: 'Seen' });
  await go('installation', 'POST', `${repository}/issues/comments/${must(comment['id'])}/reactions`, {
    content: 'eyes',
  });
  await go('person', 'GET', `${repository}/issues/comments`);
  await go('person', 'DELETE', `${at}/labels`);
  await go('person', 'PATCH', at, { state: 'closed', state_reason: 'not_planned' });
  await go('person', 'PATCH', at, { state: 'open' });
  await go('person', 'GET', `${at}/timeline`);
  await go('person', 'GET', `${at}/events`);
  await go('person', 'DELETE', `${repository}/labels/freeze`);
}

async function openPull(go: Go, branch: string): Promise<string> {
  const main = await go('person', 'GET', `${repository}/git/ref/heads/main`);
  await go('person', 'POST', `${repository}/git/refs`, {
    ref: `refs/heads/${branch}`,
    sha: within(main, 'object')['sha'],
  });
  await go('person', 'PUT', `${repository}/contents/${branch}.md`, {
    message: `Add ${branch}`,
    content: 'eA==',
    branch,
  });
  const pull = await go('person', 'POST', `${repository}/pulls`, { title: branch, head: branch, base: 'main' });
  return `${repository}/pulls/${must(pull['number'])}`;
}
