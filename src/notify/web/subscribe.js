// The page that makes this browser a receiver: asks for leave, subscribes, and hands the subscription in.
const button = document.querySelector('#on');
const list = document.querySelector('#live');
const said = document.querySelector('#said');
const { key, token } = document.body.dataset;
const say = (text) => {
  said.textContent = text;
};

function bytesOf(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== 'granted')
    return say(
      'The browser does not allow notifications here. Allow them in its settings, then press again.',
    );
  const worker = await navigator.serviceWorker.register('/app/notifications/worker.js', {
    scope: '/app/notifications/',
  });
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  await navigator.serviceWorker.ready;
  const subscription = (await worker.pushManager.subscribe(options)).toJSON();
  const answer = await fetch(`/app/notifications/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(subscription),
  });
  const { text } = await answer.json();
  say(text);
  button.hidden = answer.ok;
  list.hidden = answer.ok;
}

if (!('serviceWorker' in navigator) || !('PushManager' in window)) {
  button.hidden = true;
  say(
    'This browser cannot show notifications of a page. On a phone, add this page to the home screen first.',
  );
}
button.addEventListener('click', () => {
  button.disabled = true;
  subscribe()
    .catch((error) => say(`It did not work: ${error.message}`))
    .finally(() => {
      button.disabled = false;
    });
});

list.addEventListener('click', async () => {
  list.disabled = true;
  try {
    const answer = await fetch('/app/live/enter', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    const told = await answer.json();
    if (answer.ok) location.assign(told.path);
    else say(told.detail);
  } catch (error) {
    say(`It did not work: ${error.message}`);
  }
  list.disabled = false;
});
