import type { StageName, StageReport } from '@obsgate/core/gate';
import type { CliIo } from './io.ts';

export type Progress = {
  /** One line of what is going on, such as what is fetched and from where. Always shown unless quiet. */
  line(text: string): void;
  stage(event: { readonly name: StageName; readonly report?: StageReport }): void;
  end(): void;
};

const CLEAR_LINE = '\r\u001B[K';

/** Says on a terminal which stage is running once work takes over one second; elsewhere only `line` speaks. */
export function progressOn(io: CliIo, quiet: boolean): Progress {
  let timer: NodeJS.Timeout | undefined;
  let shown = false;
  const clear = (): void => {
    clearInterval(timer);
    if (shown) io.err(CLEAR_LINE);
    shown = false;
  };
  return {
    line(text) {
      if (quiet) return;
      clear();
      io.err(`${text}\n`);
    },
    stage({ name, report }) {
      clear();
      if (quiet || !io.progress || report !== undefined) return;
      const start = performance.now();
      timer = setInterval(() => {
        shown = true;
        io.err(`${CLEAR_LINE}${name} … ${Math.round((performance.now() - start) / 1000)} s`);
      }, 1000);
      timer.unref();
    },
    end: clear,
  };
}
