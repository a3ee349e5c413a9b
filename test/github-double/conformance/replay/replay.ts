import type { Exchange } from '../../exchange.ts';
import { operationNames } from '../openapi.ts';
import { readRecordings, type Recording } from '../recordings.ts';
import { matchRoute } from '../routes.ts';
import { formatViolations, validateExchange } from '../validate.ts';
import { missing } from './compare.ts';
import { withStage, type StageOptions } from './open-stage.ts';
import { preparations } from './prepare.ts';
import { isJson, type Reply } from './stage.ts';

/** Operation of a recording, `GET /repos/{owner}/{repo}`; `null` when GitHub's description has none such. */
export function operationOf(recording: Recording): string | null {
  const path = canonical(recording.path.split('?')[0] ?? '');
  const routes = operationNames()
    .filter((name) => name.startsWith(`${recording.method} `))
    .map((name) => name.slice(recording.method.length + 1));
  const route = matchRoute(routes, path);
  return route === undefined ? null : `${recording.method} ${route}`;
}

/** Brings a fresh double into the state of the recording, sends the same request, and compares the answers. */
export async function replay(recording: Recording): Promise<readonly string[]> {
  const operation = operationOf(recording) ?? '';
  const prepare = preparations[operation];
  if (prepare === undefined) throw new Error(`nothing prepares ${operation}`);
  return withStage(repositoryOf(recording), stageOptions(recording), async (stage) => {
    const { path, body, as } = await prepare(stage, recording, readRecordings());
    const answer = await stage.send(as ?? 'admin', recording.method, path ?? canonical(recording.path), body);
    return [...differences(recording, answer), ...stage.exchanges.flatMap(undescribedAnswer)];
  });
}

function differences(recording: Recording, answer: Reply): readonly string[] {
  if (answer.status !== recording.status) {
    return [`status is ${answer.status}, recorded ${recording.status}: ${JSON.stringify(answer.body).slice(0, 300)}`];
  }
  return recording.status >= 400
    ? differentError(recording.resBody, answer.body)
    : missing(recording.resBody, answer.body);
}

/** The requests are the recorded client's and as lax as GitHub allows; the answers are all ours. */
function undescribedAnswer(exchange: Exchange): readonly string[] {
  const violations = validateExchange(exchange).filter(({ part }) => part === 'response' || part === 'status');
  return violations.length === 0 ? [] : [formatViolations(exchange, violations)];
}

function differentError(recorded: unknown, actual: unknown): readonly string[] {
  const [expected, got] = [messageOf(recorded), messageOf(actual)];
  const message = expected === got ? [] : [`message is ${JSON.stringify(got)}, recorded ${JSON.stringify(expected)}`];
  return [...message, ...missing(recorded, actual)];
}

function messageOf(body: unknown): unknown {
  return isJson(body) ? body['message'] : undefined;
}

/** The numeric name of a repository is replaced: its owner and name are not in the recording. */
function canonical(path: string): string {
  return path.replace(/^\/repositories\/\d+/u, '/repos/hub4j/github-api');
}

function repositoryOf({ path }: Recording): string {
  const [, , owner = '', name = ''] = canonical(path).split('/');
  return `${owner}/${name}`;
}

/** Recorded accounts that are organizations; protection has fields that a person's repository lacks. */
const organizations = /^(hub4j|hub4j-test-org|jenkinsci|apache)$/u;

function stageOptions(recording: Recording): StageOptions {
  const [owner = '', name = ''] = repositoryOf(recording).split('/');
  const username = /\/collaborators\/([^/]+)\/permission$/u.exec(recording.path)?.[1];
  const permission = isJson(recording.resBody) ? recording.resBody['permission'] : undefined;
  const role = permission === 'admin' || permission === 'write' || permission === 'read' ? permission : 'none';
  return {
    ownerType: organizations.test(owner) ? 'Organization' : 'User',
    private: name.endsWith('-private'),
    ...(username !== undefined && { people: { [username]: role } }),
  };
}
