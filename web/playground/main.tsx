import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import '@graphiql/react/font/roboto.css';
import '@graphiql/react/font/fira-code.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';

import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { postGraphQL } from './fetcher.ts';
import { storage } from './storage.ts';

const examples = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true });

// Tabs are titled by GraphiQL with the operation's name.
const tabs = Object.keys(examples)
  .sort()
  .map((file) => ({ query: examples[file] ?? '' }));

const page = document.getElementById('playground');
if (page) {
  createRoot(page).render(
    <GraphiQL fetcher={postGraphQL} defaultTabs={tabs} storage={storage} inputValueDeprecation schemaDescription>
      <GraphiQL.Logo>ModelGraph</GraphiQL.Logo>
    </GraphiQL>,
  );
}
