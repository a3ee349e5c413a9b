import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lineText } from '@obsgate/core/kernel';
import { parsePromql } from '@obsgate/core/promql';
import { findDuplicates, loadRuleFile, type RuleFile } from '@obsgate/core/rules';
import { describe, expect, test } from 'vitest';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
const present = existsSync(CORPUS);

/** The published rule files; each directory is a collection of its own. */
function load(directory: string): RuleFile[] {
  return readdirSync(join(CORPUS, directory))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => loadRuleFile(`${directory}/${name}`, readFileSync(join(CORPUS, directory, name), 'utf8')));
}

describe.skipIf(!present)('published rules (skipped without ../shared/corpus)', () => {
  const files = present ? ['rules/awesome', 'rules/mixins'].flatMap(load) : [];
  const rules = files.flatMap((file) => file.groups.flatMap((group) => group.rules));

  test('are all read, without an error', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(rules.length).toBeGreaterThan(1500);
    const errors = files.flatMap((file) => file.findings).filter((item) => item.severity === 'error');
    expect(errors).toEqual([]);
  });

  test('hold no duplicate within a file but those that promtool reports too', () => {
    const errors = files.flatMap((file) => findDuplicates([file])).filter((item) => item.severity === 'error');
    expect(errors.map((item) => `${item.file}:${item.range?.line} ${item.message}`)).toMatchInlineSnapshot(`
      [
        "rules/mixins/cortex__alerts.yaml:223 Alert "CortexRolloutStuck" stands a second time with the same name and the same labels, but another expression (first in this file, line 197): nobody can tell which of the two fires.",
        "rules/mixins/cortex__alerts.yaml:614 Alert "CortexCompactorHasNotSuccessfullyRunCompaction" stands a second time with the same name and the same labels, but another expression (first in this file, line 603): nobody can tell which of the two fires.",
        "rules/mixins/cortex__alerts.yaml:623 Alert "CortexCompactorHasNotSuccessfullyRunCompaction" stands a second time with the same name and the same labels, but another expression (first in this file, line 603): nobody can tell which of the two fires.",
        "rules/mixins/cortex__alerts.yaml:642 Alert "CortexCompactorHasNotUploadedBlocks" stands a second time with the same name and the same labels, but another expression (first in this file, line 631): nobody can tell which of the two fires.",
        "rules/mixins/kafka__alerts.yaml:331 Alert "JvmMemoryFillingUp" stands a second time with the same name and the same labels, but another expression (first in this file, line 306): nobody can tell which of the two fires.",
        "rules/mixins/kafka__alerts.yaml:343 Alert "JvmThreadsDeadlocked" stands a second time with the same name and the same labels, but another expression (first in this file, line 318): nobody can tell which of the two fires.",
        "rules/mixins/kubernetes__rules.yaml:111 Recording rule "code_verb:apiserver_request_total:increase1h" stands a second time with the same name, but another expression (first in this file, line 108): both write the same series name, and where their results overlap one of them is lost.",
        "rules/mixins/kubernetes__rules.yaml:114 Recording rule "code_verb:apiserver_request_total:increase1h" stands a second time with the same name, but another expression (first in this file, line 108): both write the same series name, and where their results overlap one of them is lost.",
        "rules/mixins/kubernetes__rules.yaml:117 Recording rule "code_verb:apiserver_request_total:increase1h" stands a second time with the same name, but another expression (first in this file, line 108): both write the same series name, and where their results overlap one of them is lost.",
        "rules/mixins/promscale__alerts.yaml:125 Alert "PromscaleQueryHighErrorRate" stands a second time with the same name and the same labels, but another expression (first in this file, line 107): nobody can tell which of the two fires.",
      ]
    `);
  });

  test('have expressions that the grammar reads entirely', () => {
    const unread = rules.filter((rule) => parsePromql(rule.expr.value).errors.length > 0);
    expect(unread.map((rule) => rule.expr.value)).toEqual([]);
  });

  test('keep the place of every character of every expression', () => {
    const misplaced = rules.filter((rule) => {
      const { value } = rule.expr;
      return Array.from({ length: value.length }, (_, at) => at).some((at) => {
        const char = value.charAt(at);
        const { line, column } = rule.expr.rangeOf(at, at + 1);
        const written = lineText(rule.file.source, line)?.charAt(column - 1);
        return char.trim() !== '' && written !== char && written !== '\\';
      });
    });
    expect(misplaced.map((rule) => `${rule.file.path} ${rule.name.value}`)).toEqual([]);
  });
});

describe.skipIf(!present)("promtool's own test data (skipped without ../shared/corpus)", () => {
  test('10,002 rules are read, and the duplicates that promtool reports are found', () => {
    const path = 'promtool-testdata/rules_large.yml';
    const file = loadRuleFile(path, readFileSync(join(CORPUS, path), 'utf8'));
    expect(file.findings).toEqual([]);
    expect(file.groups.flatMap((group) => group.rules)).toHaveLength(10_002);
    const lines = findDuplicates([file]).map((item) => [item.range?.line, item.related?.[0]?.range?.line]);
    expect(lines).toMatchInlineSnapshot(`
      [
        [
          8,
          4,
        ],
        [
          40008,
          40004,
        ],
      ]
    `);
  });
});
