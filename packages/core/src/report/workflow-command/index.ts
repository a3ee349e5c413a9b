// Workflow commands: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
// Escaping as the runner undoes it: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs

export type CommandProperties = Readonly<Record<string, string | number | undefined>>;

/**
 * One workflow command as a line: `::error file=a.yml,line=3::message`.
 * Line ends and everything else that would end the command early is escaped, so that no text from outside can
 * start a command of its own.
 */
export function workflowCommand(name: string, properties: CommandProperties, message: string): string {
  const pairs = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  return `::${name}${pairs.length > 0 ? ' ' : ''}${pairs.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
