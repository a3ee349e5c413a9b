/** GitHub refuses longer bodies of comments and issues. */
export const LONGEST_BODY = 65_536;

const NOTICE = '\n\n_The rest was cut off; the job summary has all of it._\n';

/** Cuts a body to what GitHub takes, between lines, and says so; `reserved` characters are kept free. */
export function capBody(body: string, reserved = 0): string {
  const limit = LONGEST_BODY - reserved;
  if (body.length <= limit) return body;
  const room = limit - NOTICE.length - '\n```'.length;
  const end = body.lastIndexOf('\n', room);
  // One line of that length is cut inside, though never inside a surrogate pair.
  const cut = body.slice(0, end > 0 ? end : room).replace(/[\uD800-\uDBFF]$/, '');
  const open = (cut.match(/^```/gm)?.length ?? 0) % 2 === 1;
  return `${cut}${open ? '\n```' : ''}${NOTICE}`;
}
