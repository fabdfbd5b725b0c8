// A Mini App in a framed panel, opened with signed data about who opens it.
import { byId, h, iconButton } from './dom.js';
import { act } from './store.js';
import { toast } from './toasts.js';

/** Opens a Mini App as this person. */
export async function openWebApp(url, title, person) {
  try {
    const signed = await act('web-app', { person, url });
    const panel = byId('web-app');
    const close = () => {
      panel.hidden = true;
      panel.replaceChildren();
    };
    panel.replaceChildren(
      h(
        'header',
        {},
        h('strong', {}, title),
        iconButton('close', 'Close', close, { 'data-testid': 'web-app-close' }),
      ),
      h('iframe', { src: sameOrigin(signed.url), title, 'data-testid': 'web-app-frame' }),
    );
    panel.hidden = false;
  } catch (error) {
    toast(error.message, true);
  }
}

// 127.0.0.1 and localhost are the same machine but not the same origin; the frame must be of this page's origin.
function sameOrigin(url) {
  const target = new URL(url);
  const local = ['127.0.0.1', 'localhost', '[::1]'];
  if (local.includes(target.hostname) && local.includes(location.hostname) && target.port === location.port) {
    target.hostname = location.hostname;
  }
  return target.href;
}
