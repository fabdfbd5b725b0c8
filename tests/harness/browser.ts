// Debian's Chromium for tests that look at a page: where it is, how it is started, where its pictures go.
import { existsSync, mkdirSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const quiet =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** The folder of the screenshots, with a slash at its end. */
export const pictures = new URL('../.artifacts/', import.meta.url).pathname;

/** Whether the browser and what else is needed is here; says so when not, and refuses where nothing may be skipped. */
export function canBrowse(also = true, what = 'Chromium'): boolean {
  const possible = existsSync(executablePath) && also;
  if (!possible && process.env.CI === 'true')
    throw new Error(`${what} is not installed, and CI skips nothing.`);
  if (!possible) console.warn(`skipped: Debian’s ${what} is not installed`);
  return possible;
}

/** A page of a desktop in Berlin. Close the browser afterwards. */
export async function openPage(height: number, timeout: number): Promise<{ browser: Browser; page: Page }> {
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: quiet.split(' ') });
  const viewport = { width: 1100, height };
  const page = await browser.newPage({ viewport, timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  page.setDefaultTimeout(timeout);
  return { browser, page };
}
