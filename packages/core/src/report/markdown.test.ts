import { expect, test } from 'vitest';
import { gateReport, stageReport } from '../gate/index.ts';
import { finding } from '../kernel/index.ts';
import { renderMarkdown } from './markdown.ts';
import { sampleReport, sampleRules } from './sample-report.ts';

test('the summary has the verdict, a table, a chart of times, and what is wrong', () => {
  expect(renderMarkdown(sampleReport(), { rules: sampleRules })).toMatchInlineSnapshot(`
    "## ⚠️ error: 2 of 3 stages failed, 1 of 3 stages could not judge, 1 skipped, 1 error, 1 warning

    | outcome | stage | time | looked at |
    | :-- | :-- | --: | :-- |
    | ❌ fail | promtool-check | 410 ms | 23 files, 1 group, 10,002 rules |
    | ❌ fail | promql-unit | 1.23 s |  |
    | ⚠️ error | reload-dry-run | 1 min 1 s | \`tool_unavailable\` no prometheus |
    | ⏭️ skipped | smoke-query |  | \`not_selected\` left out by --stage |

    <details><summary>Times</summary>

    \`\`\`mermaid
    xychart-beta horizontal
      title "Seconds of each stage"
      x-axis ["promtool-check", "promql-unit", "reload-dry-run"]
      y-axis "seconds" 0 --> 64
      bar [0.41, 1.23, 61]
    \`\`\`

    </details>

    ### promtool-check

    | severity | rule | place | message |
    | :-- | :-- | :-- | :-- |
    | ❌ error | [\`promtool/syntax\`](https://example.org/docs/promtool-syntax) | \`rules/api.yml:5\` | unexpected right parenthesis ')'<br>*remove the last parenthesis* |
    | ⚠️ warning | \`promtool/name\` | \`rules/api.yml:7\` | a name with wide characters second line |
    | ℹ️ note | \`gate/tools\` |  | promtool 3.5.3 was not found |

    ### promql-unit

    ❌ **tests/api\\_test.yml › errors are counted** \`tests/api_test.yml:12\`

    \`\`\`diff
    - expected {} 3
    + actual   {} 4
    \`\`\`


    <sub>Checked with promtool 2.54.1.</sub>
    "
  `);
});

test('text of the checked files stays text: no mention, link, HTML, table cell or fence of its own', () => {
  const evil = '@team #1 <img src=x onerror=alert(1)> | a | ``` [x](javascript:y) https://evil.example\n# heading';
  const report = gateReport(
    [
      stageReport(
        'promql-unit',
        {
          findings: [
            finding({ rule: 'a/b', severity: 'error', message: evil, help: '*bold*', file: 'a|`b`.yml', subject: '' }),
          ],
          cases: [{ name: evil, suite: '', outcome: 'fail', durationMs: 1, message: '````\n</details>@team' }],
        },
        1,
      ),
    ],
    {},
    1,
  );
  expect(renderMarkdown(report, { rules: [] })).toMatchInlineSnapshot(`
    "## ❌ fail: 1 of 1 stage failed, 1 error

    | outcome | stage | time | looked at |
    | :-- | :-- | --: | :-- |
    | ❌ fail | promql-unit | 1 ms |  |

    <details><summary>Times</summary>

    \`\`\`mermaid
    xychart-beta horizontal
      title "Seconds of each stage"
      x-axis ["promql-unit"]
      y-axis "seconds" 0 --> 0.0105
      bar [0.001]
    \`\`\`

    </details>

    ### promql-unit

    ❌ **@<!-- -->team #<!-- -->1 &lt;img src=x onerror=alert(1)&gt; \\| a \\| \\\`\\\`\\\` \\[x\\](javascript:y) https<!-- -->://evil.example #<!-- --> heading**

    \`\`\`\`\`diff
    \`\`\`\`
    </details>@team
    \`\`\`\`\`

    | severity | rule | place | message |
    | :-- | :-- | :-- | :-- |
    | ❌ error | \`a/b\` | <code>a&#124;&#96;b&#96;.yml</code> | @<!-- -->team #<!-- -->1 &lt;img src=x onerror=alert(1)&gt; \\| a \\| \\\`\\\`\\\` \\[x\\](javascript:y) https<!-- -->://evil.example #<!-- --> heading<br>*\\*bold\\** |
    "
  `);
});

test('a summary never passes its limit and says how much it left out', () => {
  const findings = Array.from({ length: 20_000 }, (_, index) =>
    finding({
      rule: 'a/b',
      severity: index === 19_999 ? 'error' : 'info',
      message: `ä${'x'.repeat(200)} ${index}`,
      subject: String(index),
    }),
  );
  const text = renderMarkdown(gateReport([stageReport('promtool-check', { findings }, 1)], {}, 1), { rules: [] });
  expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(1024 * 1024);
  const shown = text.split('\n').filter((line) => /^\| (❌|ℹ️) (error|note)/.test(line));
  expect(shown[0]).toContain('19999');
  expect(text).toContain(`**${20_000 - shown.length} more findings of promtool-check** did not fit`);
});

test('a message of any length leaves room for the others', () => {
  const findings = ['x'.repeat(2_000_000), 'second'].map((message) =>
    finding({ rule: 'a/b', severity: 'error', message, subject: message.slice(0, 9) }),
  );
  const text = renderMarkdown(gateReport([stageReport('promtool-check', { findings }, 1)], {}, 1), { rules: [] });
  expect(text.includes('1996000 more characters')).toBe(true);
  expect(text.includes('| second |')).toBe(true);
});
