/** Who sends a request: the repository's admin, an App installed with all permissions, or somebody without any role. */
export type Persona = 'admin' | 'app' | 'outsider';

export type Reply = { readonly status: number; readonly body: unknown };
export type Json = Readonly<Record<string, unknown>>;

/** A repository of its own at the double, with one commit on `main`, named as the recorded one. */
export type Stage = {
  /** `/repos/owner/name` */
  readonly at: string;
  /** @param path absolute, with query */
  readonly send: (persona: Persona, method: string, path: string, body?: unknown) => Promise<Reply>;
};

/** Sends what prepares the state for a recording. Throws when it is refused: then nothing can be said about the recording. */
export async function prepareBy(
  stage: Stage,
  method: string,
  path: string,
  body?: unknown,
  persona: Persona = 'admin',
): Promise<Json> {
  const reply = await stage.send(persona, method, stage.at + path, body);
  if (reply.status >= 400)
    throw new Error(`preparing: ${method} ${stage.at}${path} -> ${reply.status} ${JSON.stringify(reply.body)}`);
  return isJson(reply.body) ? reply.body : {};
}

export async function shaOfBranch(stage: Stage, branch: string): Promise<string> {
  const { object } = await prepareBy(stage, 'GET', `/git/ref/heads/${branch}`);
  return text(isJson(object) ? object['sha'] : undefined);
}

export async function createBranch(stage: Stage, name: string, sha?: string): Promise<void> {
  await prepareBy(stage, 'POST', '/git/refs', {
    ref: `refs/heads/${name}`,
    sha: sha ?? (await shaOfBranch(stage, 'main')),
  });
}

/** @returns the blob's SHA */
export async function createFile(stage: Stage, path: string, branch: string, content = `${path}\n`): Promise<string> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const body = { message: `Add ${path}`, content: Buffer.from(content).toString('base64'), branch };
  const created = await prepareBy(stage, 'PUT', `/contents/${encoded}`, body);
  return text(isJson(created['content']) ? created['content']['sha'] : undefined);
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Error(`preparing: a string or number was expected, not ${JSON.stringify(value)}`);
}

export function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}
