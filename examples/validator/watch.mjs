// Adds a validator and makes its owner the rules that the module offers.
//   TOCSIN_KEY=… TOCSIN_OWNER=telegram:7001 node watch.mjs http://127.0.0.1:8008/metrics
const { TOCSIN_URL: url = 'http://127.0.0.1:8080', TOCSIN_KEY: key, TOCSIN_OWNER: owner } = process.env;
const [page] = process.argv.slice(2);
if (!key || !owner || !page) {
  console.error('Set TOCSIN_KEY and TOCSIN_OWNER, and name the page: node watch.mjs http://127.0.0.1:8008/metrics');
  process.exit(2);
}

async function ask(path, body) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (answer.ok) return said;
  console.error(said.detail ?? said.title, said.errors ?? '');
  process.exit(1);
}

const target = { module: 'ethereum-validator', name: 'validator', params: { url: page } };
const look = await ask('/v1/targets/probe', target);
for (const { title, fields } of look.shown)
  console.log(`${title}: ${fields.map((field) => `${field.title} ${field.value}`).join('; ')}`);
const listed = await fetch(`${url}/v1/targets`, { headers: { authorization: `Bearer ${key}` } });
if (!(await listed.json()).targets.some(({ name }) => name === target.name)) await ask('/v1/targets', target);
const rules = look.offers.map(({ document }) => document);
console.log(await ask(`/v1/rules?owner=${owner}`, rules));
