import { expect, test } from 'vitest';
import { gateReport, stageReport } from '../gate/index.ts';
import { renderJunit } from './junit.ts';
import { sampleReport } from './sample-report.ts';

test('every stage is in the file, with cases, errors, files, lines and times', () => {
  expect(renderJunit(sampleReport())).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="obsgate gate" tests="4" failures="2" errors="1" skipped="1" time="62.000">
      <testsuite name="promtool-check" tests="1" failures="1" errors="0" skipped="0" time="0.410">
        <testcase classname="obsgate.promtool-check" name="promtool/syntax rules/api.yml:5:47" file="rules/api.yml" line="5" time="0.000">
          <failure message="unexpected right parenthesis ')'" type="promtool/syntax">rules/api.yml:5:47
    unexpected right parenthesis ')'
    help: remove the last parenthesis</failure>
        </testcase>
      </testsuite>
      <testsuite name="promql-unit: tests/api_test.yml" tests="1" failures="1" errors="0" skipped="0" time="0.012">
        <testcase classname="obsgate.promql-unit" name="errors are counted" file="tests/api_test.yml" line="12" time="0.012">
          <failure message="- expected {} 3" type="failure">- expected {} 3
    + actual   {} 4</failure>
        </testcase>
      </testsuite>
      <testsuite name="reload-dry-run" tests="1" failures="0" errors="1" skipped="0" time="61.000">
        <testcase classname="obsgate.reload-dry-run" name="reload-dry-run" time="61.000">
          <error message="tool_unavailable: no prometheus" type="tool_unavailable">tool_unavailable: no prometheus</error>
        </testcase>
      </testsuite>
      <testsuite name="smoke-query" tests="1" failures="0" errors="0" skipped="1" time="0.000">
        <testcase classname="obsgate.smoke-query" name="smoke-query" time="0.000">
          <skipped message="not_selected: left out by --stage"/>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test('markup is escaped and characters that XML forbids are replaced', () => {
  const message = 'a < b && "c" ]]> \u0000\u001b[31m \ud800 \ufffe 😀\nsecond\tline';
  const item = { name: message, suite: 's', outcome: 'fail', durationMs: 1, message } as const;
  const xml = renderJunit(gateReport([stageReport('promql-unit', { cases: [item] }, 1)], {}, 1));
  expect(xml).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="obsgate gate" tests="1" failures="1" errors="0" skipped="0" time="0.001">
      <testsuite name="promql-unit: s" tests="1" failures="1" errors="0" skipped="0" time="0.001">
        <testcase classname="obsgate.promql-unit" name="a &lt; b &amp;&amp; &quot;c&quot; ]]&gt; ��[31m � � 😀&#10;second&#9;line" time="0.001">
          <failure message="a &lt; b &amp;&amp; &quot;c&quot; ]]&gt; ��[31m � � 😀" type="failure">a &lt; b &amp;&amp; &quot;c&quot; ]]&gt; ��[31m � � 😀
    second	line</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});
