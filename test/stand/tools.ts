import {
  createToolchain,
  explainUnavailable,
  type Tool,
  type Toolchain,
  type ToolName,
} from '@obsgate/prometheus/toolchain';

/** One version of Prometheus with its own promtool. */
export type ServerTools = { readonly version: string; readonly prometheus: Tool; readonly promtool: Tool };

export type ToolsForTests = {
  /** Oldest first: every version of which this machine can have both programs. */
  readonly servers: readonly ServerTools[];
  /** Newest first of what was found; undefined when it cannot be had. */
  readonly pushgateway: Tool | undefined;
  readonly alertmanager: Tool | undefined;
  readonly toolchain: Toolchain;
  /** What could not be had and why, one line each: tests that skip print it. */
  readonly missing: readonly string[];
};

/** The releases that the tests ask for: the oldest supported, the last of 2.x that Debian carries, a 3.x, the newest. */
const WANTED = ['2.42', '2.53', '3.5', 'latest'];

let found: Promise<ToolsForTests> | undefined;

/** Finds (and, once per machine, fetches) the real programs that the tests run. Memoised per process. */
export function toolsForTests(): Promise<ToolsForTests> {
  found ??= findAll();
  return found;
}

async function findAll(): Promise<ToolsForTests> {
  const toolchain = createToolchain({ progress: (line) => process.stderr.write(`${line}\n`) });
  const local = createToolchain({ reach: 'local' });
  const missing: string[] = [];
  const get = async (name: ToolName, version?: string): Promise<Tool | undefined> => {
    // What is here is good enough for tests, so that a second run asks no network; only `latest` has to be asked for.
    const here = version === 'latest' ? undefined : await local.find(name, { version });
    const result = here?.kind === 'found' ? here : await toolchain.find(name, { version });
    if (result.kind === 'found') return result.tool;
    missing.push(explainUnavailable(result));
    return undefined;
  };
  const servers = new Map<string, ServerTools>();
  for (const wanted of WANTED) {
    const promtool = await get('promtool', wanted);
    if (promtool === undefined || servers.has(promtool.versionText)) continue;
    const prometheus = await get('prometheus', promtool.versionText);
    if (prometheus === undefined) continue;
    servers.set(promtool.versionText, { version: promtool.versionText, prometheus, promtool });
  }
  const pushgateway = await get('pushgateway');
  const alertmanager = await get('alertmanager');
  return { servers: [...servers.values()], pushgateway, alertmanager, toolchain, missing };
}
