import {
  runAction,
  runActionPost,
  type ActionDefinition,
  type DescribedAction,
  type InputSpecs,
  type OutputSpecs,
} from '@obsgate/action-kit';

/** An action as the runner sees it, whatever its inputs and outputs are. */
export type LoadedAction = {
  readonly described: DescribedAction;
  main(): Promise<void>;
  post(): Promise<void>;
};

/** Every action by its name, each loaded only when it is asked for. Adding one is a folder and a line here. */
export const ACTIONS = {
  'auto-relax-merge': async () => loaded((await import('./auto-relax-merge/main.ts')).action),
  'auto-rollback': async () => loaded((await import('./auto-rollback/main.ts')).action),
  'heartbeat-rules-lint': async () => loaded((await import('./heartbeat-rules-lint/main.ts')).action),
  'post-merge-quality-watch': async () => loaded((await import('./post-merge-quality-watch/main.ts')).action),
  'promql-unit': async () => loaded((await import('./promql-unit/main.ts')).action),
  'promtool-check': async () => loaded((await import('./promtool-check/main.ts')).action),
  'protection-guard': async () => loaded((await import('./protection-guard/main.ts')).action),
  'reload-dry-run': async () => loaded((await import('./reload-dry-run/main.ts')).action),
  'smoke-query': async () => loaded((await import('./smoke-query/main.ts')).action),
} satisfies Readonly<Record<string, () => Promise<LoadedAction>>>;

export type ActionName = keyof typeof ACTIONS;

/** What is written down of every action: for action.yml and the README tables. */
export async function describedActions(): Promise<DescribedAction[]> {
  return Promise.all(Object.values(ACTIONS).map(async (load) => (await load()).described));
}

function loaded<I extends InputSpecs, O extends OutputSpecs>(definition: ActionDefinition<I, O>): LoadedAction {
  return {
    described: definition,
    main: () => runAction(definition),
    post: () => runActionPost(definition),
  };
}
