import 'swagger-ui-dist/swagger-ui.css';
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';

interface Api {
  readonly name: string;
  readonly title: string;
  readonly url: string;
}

const select = byId('api', HTMLSelectElement);
const link = byId('document', HTMLAnchorElement);
const docs = byId('docs', HTMLElement);

const response = await fetch('/api/docs/apis.json');
const apis = (await response.json()) as readonly Api[];
select.replaceChildren(...apis.map(({ name, title }) => new Option(title, name)));
select.value = location.hash.slice(1).split('/')[0] || (apis[0]?.name ?? '');
select.addEventListener('change', show);
show();

function show(): void {
  const api = apis.find(({ name }) => name === select.value) ?? apis[0];
  if (!api) return;
  link.href = api.url;
  docs.replaceChildren();
  // Its "try it out" sends to where the page is from; nothing is asked of anybody else.
  SwaggerUI({ url: api.url, domNode: docs, docExpansion: 'list', validatorUrl: null, tryItOutEnabled: true });
}

function byId<Kind extends HTMLElement>(id: string, kind: { new (): Kind; readonly name: string }): Kind {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new TypeError(`The page has no ${kind.name} '${id}'.`);
}
