// The service worker: shows what was pushed, also while no page is open, and opens the link that was pressed.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const { title, body, tag, silent, stays } = event.data.json();
  const options = { body, tag, silent, renotify: !silent, requireInteraction: stays };
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener('notificationclick', (event) => event.notification.close());
