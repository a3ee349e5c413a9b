import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireInput } from '../input/index.ts';
import { CONTENT_RULES } from './content/index.ts';
import { BUILT_IN_DENIALS } from './denials.ts';
import { rulepackSchema } from './schema.ts';

const guide = readFileSync(new URL('../../../../docs/rulepacks.md', import.meta.url), 'utf8');

test('the guide names every key and every content rule, and no others', () => {
  const named = [...guide.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(
    ([, cell]): string[] => cell?.match(/[^`, ]+/g) ?? [],
  );
  expect(named.toSorted()).toEqual([...Object.keys(rulepackSchema.shape), ...CONTENT_RULES].toSorted());
});

test('the guide names every path that no rulepack can allow', () => {
  for (const { glob } of BUILT_IN_DENIALS.filter((denial) => !['action.yaml', '.git'].includes(denial.glob)))
    expect(guide).toContain(`\`${glob.replace(/^\//, '')}\``);
});

test('the examples of the guide are rulepacks', () => {
  const examples = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text ?? '');
  expect(examples).toHaveLength(3);
  for (const text of examples) {
    const whole = text.includes('scenario:') ? text : `scenario: sample\nallow_paths: ['**']\n${text}`;
    expect(requireInput(rulepackSchema, 'rulepack/sample.yml', whole).scenario).toBeDefined();
  }
});
