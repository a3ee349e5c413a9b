import type { Reply } from '../reply.ts';
import type { Fault } from './faults.ts';

/** Whether the request takes effect in spite of the fault. */
export function faultEffect(fault: Fault | null): 'none' | 'applied' {
  if (fault === null) return 'applied';
  if (fault.do === 'hook') return fault.effect ?? 'applied';
  return fault.do === 'secondary-limit' ? 'none' : (fault.effect ?? 'none');
}

/** What is sent instead of the real answer, `null` where the real answer stands (or none is sent). */
export function faultReply(fault: Fault | null): Reply | null {
  if (fault?.do === 'secondary-limit') {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. For more on scraping GitHub and how it may affect your rights, please review our Terms of Service (https://docs.github.com/en/site-policy/github-terms/github-terms-of-service)';
    const documentation_url =
      'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits';
    return {
      status: 403,
      body: { message, documentation_url },
      headers: { 'retry-after': String(fault.retryAfterSeconds) },
    };
  }
  if (fault?.do !== 'status') return null;
  if (fault.body !== undefined) return { status: fault.status, body: fault.body };
  // What GitHub's edge answers for a 5xx is a page, not JSON.
  const content = Buffer.from(`<!DOCTYPE html><title>Unicorn! &middot; GitHub</title><p>${fault.status}</p>\n`);
  return { status: fault.status, raw: { content, type: 'text/html; charset=utf-8' } };
}
