import type { StageReport } from '../gate/index.ts';

/**
 * The times of the stages as a Mermaid bar chart (https://mermaid.js.org/syntax/xyChart.html), in seconds.
 * A Gantt chart would show clock times of the reader's time zone, and a bar chart without a range does not start at
 * zero: hence this kind, with its range. Returns undefined when no stage ran.
 */
export function stageChart(stages: readonly StageReport[]): string | undefined {
  const ran = stages.filter((stage) => stage.outcome !== 'skipped');
  if (ran.length === 0) return undefined;
  const seconds = ran.map((stage) => Number((stage.durationMs / 1000).toFixed(stage.durationMs < 1000 ? 3 : 2)));
  const top = Number((Math.max(0.01, ...seconds) * 1.05).toPrecision(3));
  return [
    'xychart-beta horizontal',
    '  title "Seconds of each stage"',
    `  x-axis [${ran.map((stage) => `"${stage.name}"`).join(', ')}]`,
    `  y-axis "seconds" 0 --> ${top}`,
    `  bar [${seconds.join(', ')}]`,
  ].join('\n');
}
