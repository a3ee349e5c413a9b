import { expect, test } from 'vitest';
import { MERGED_AT, body, counts, data, minutes } from '../../slo/verdict/fixture.ts';
import { judge, loadSlo, type WatchVerdict } from '../../slo/index.ts';
import { renderChartSvg, renderWatchJson, renderWatchMarkdown, renderWatchText, watchExitCode } from './index.ts';

const FILE = `slo:
  errors: { bad: 'sum(increase(e_total[1m]))', total: 'sum(increase(r_total[1m]))', max: 0.003 }
  probe: { query: 'min(probe_success)', min: 1 }
`;

function verdict(): WatchVerdict {
  const total = counts(1, () => 5000);
  const bad = counts(2, (minute) => 5000 * (minute > 10 ? 0.012 : 0.001));
  const bodies = {
    'errors.total': body(minutes(20, total)),
    'errors.bad': body(minutes(20, (minute) => (minute === 4 ? undefined : bad(minute)))),
    'probe.query': JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'a | b <c>' }),
  };
  return judge(loadSlo('.slo/a.yml', FILE), data(bodies), { mergedAt: MERGED_AT, now: MERGED_AT + 1230 });
}

test('the text has both numbers, what is proved, and when', () => {
  expect(renderWatchText(verdict(), { color: false })).toMatchInlineSnapshot(`
    "BREACH  merged at 2023-11-14T22:13:20Z, 20.5 minutes of 120 minutes watched

    objective  outcome  measured  limit    proved    bad            data  before | after
    errors     breach   0.686 %   ≤ 0.3 %  ≥ 1.11 %  654 of 95,300  95 %  ▂▂▂▂▂▂▂▂▂▂▂▂|▂▃▂ ▂▁▂▁▂▂██████████
    probe      error    –         ≥ 1      –         –              0 %   |

      errors: since about 2023-11-14T22:23:20Z, proved at 2023-11-14T22:28:20Z

      slo_breached  errors: 1.16 % bad (289 of 25,000 requests) in 5 minutes, over the limit of 0.3 %; at least 1.01 % are proved
    "
  `);
});

test('the Markdown shows table, chart and queries, and text from outside does nothing', () => {
  expect(renderWatchMarkdown(verdict())).toMatchInlineSnapshot(`
    "## ❌ An objective is broken

    Merged at 2023-11-14T22:13:20Z, 20.5 minutes of 120 minutes watched.

    | | objective | measured | limit | proved | bad | data | before and after |
    | :-- | :-- | --: | --: | --: | --: | --: | :-- |
    | ❌ breach | errors | 0.686 % | ≤ 0.3 % | ≥ 1.11 % | 654 of 95,300 | 95 % | <code>▂▂▂▂▂▂▂▂▂▂&#124;▂▃▂ ▂▁▂▁▂▂██████████</code> |
    | ⚠️ error | probe | – | ≥ 1 | – | – | 0 % | <code>&#124;</code> |

    - **errors** \`slo_breached\`: 1\\.16 % bad (289 of 25,000 requests) in 5 minutes, over the limit of 0.3 %; at least 1.01 % are proved

    <details><summary>errors: broken since about 2023-11-14T22:23:20Z, proved at 2023-11-14T22:28:20Z</summary>

    \`\`\`mermaid
    xychart-beta
      x-axis "minutes since the merge" -115 --> 20
      y-axis "bad requests, %" 0 --> 1.399
      line [0.0752, 0.1321, 0.1162, 0.1037, 0.1152, 0.1428, 0.1002, 0.0878, 0.1033, 0.1362, 0.1149, 0.09966, 0.07227, 0.1039, 0.1033, 0.1283, 0.1166, 0.1044, 0.1117, 0.09457, 0.07195, 0.0919, 0.0554, 0.1119, 0.1349, 0.07891, 1.158, 1.272]
      line [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]
    \`\`\`

    \`\`\`text
    bad: sum(increase(e_total[1m]))
    total: sum(increase(r_total[1m]))
    \`\`\`

    </details>

    <details><summary>probe</summary>

    \`\`\`text
    query: min(probe_success)
    age: time() - min(timestamp(probe_success))
    \`\`\`

    </details>
    "
  `);
});

test('the JSON has every number, the queries and the samples', () => {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- JSON of our own making
  const report: { metrics: { name: string; samples: { watch: unknown[] } }[] } = JSON.parse(renderWatchJson(verdict()));
  const [errors, probe] = report.metrics;
  expect({ ...errors, bins: 'bins', samples: 'samples' }).toMatchInlineSnapshot(`
    {
      "bad": 654,
      "bins": "bins",
      "coverage": 0.95,
      "decided_at": "2023-11-14T22:28:20Z",
      "direction": "max",
      "ignored": false,
      "kind": "ratio",
      "limit": 0.003,
      "lower_bound": 0.011112682901636878,
      "name": "errors",
      "onset": "2023-11-14T22:23:20Z",
      "outcome": "breach",
      "query": {
        "bad": "sum(increase(e_total[1m]))",
        "total": "sum(increase(r_total[1m]))",
      },
      "ratio": 0.006862683372158912,
      "reasons": [
        {
          "code": "slo_breached",
          "message": "1.16 % bad (289 of 25,000 requests) in 5 minutes, over the limit of 0.3 %; at least 1.01 % are proved",
          "subject": "errors",
        },
      ],
      "remarks": [],
      "requests": 95298,
      "samples": "samples",
      "slices": {
        "expected": 20,
        "known": 19,
        "missing": {
          "absent": 1,
        },
      },
      "upper_bound": 0.007316782616904728,
    }
  `);
  expect(errors?.samples.watch[3]).toEqual({ at: '2023-11-14T22:17:20Z', missing: 'absent' });
  expect({ ...probe }).toMatchObject({ outcome: 'error', ratio: null, requests: null, lower_bound: null });
});

test('the chart breaks at a gap and draws limit, merge, onset and decision', () => {
  const [errors] = verdict().metrics;
  if (errors === undefined) throw new Error('no metric');
  const svg = renderChartSvg(errors, verdict());
  expect(svg.match(/>(limit|merged|onset|decided)</g)).toEqual(['>limit<', '>merged<', '>onset<', '>decided<']);
  expect(svg.match(/stroke-width="1.5"/g)).toHaveLength(2);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('hold and error are undecided', () => {
  expect((['pass', 'breach', 'hold', 'error'] as const).map(watchExitCode)).toEqual([0, 1, 3, 3]);
});
