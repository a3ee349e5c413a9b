/** Characters that XML 1.0 does not allow, not even as references: https://www.w3.org/TR/xml/#charsets */
const ILLEGAL =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of an element: markup is escaped, characters that XML forbids become U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(ILLEGAL, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** Value of an attribute; line ends and tabs are kept as references, since a parser would make them blanks. */
export function xmlAttribute(text: string): string {
  return xmlText(text).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its children, indented by two blanks a level. `children` are finished lines. */
export function xmlElement(name: string, attributes: XmlAttributes, children: readonly string[]): string[] {
  const open = `<${name}${Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${xmlAttribute(String(value))}"`))
    .join('')}`;
  if (children.length === 0) return [`${open}/>`];
  return [`${open}>`, ...children.map((line) => `  ${line}`), `</${name}>`];
}

/** An element that holds text, on as many lines as the text has: no blank is added to it. */
export function xmlTextElement(name: string, attributes: XmlAttributes, text: string): string {
  const [empty = ''] = xmlElement(name, attributes, []);
  return `${empty.slice(0, -2)}>${xmlText(text)}</${name}>`;
}
