import './workers.js';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './playground.css';
import { examples } from './examples.js';
import { fetcher } from './fetcher.js';
import { forget, storage } from './storage.js';

function restoreExamples() {
  if (globalThis.confirm('Close all tabs and open the six examples again?')) {
    forget();
    globalThis.location.reload();
  }
}

function Playground() {
  return (
    <>
      <header className="hint">
        <strong>Tidegate playground</strong>
        <span>
          Press <kbd>Ctrl</kbd> <kbd>Enter</kbd> to run the tab. Tabs 1 to 4 need nothing; tab 5 makes a cart and hands out the
          token that tab 6 needs under Headers.
        </span>
        <button type="button" onClick={restoreExamples}>
          Restore the examples
        </button>
      </header>
      <GraphiQL fetcher={fetcher} defaultTabs={examples} storage={storage} defaultEditorToolsVisibility showPersistHeadersSettings={false}>
        <GraphiQL.Logo>
          <span className="logo">Tidegate</span>
        </GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

createRoot(document.getElementById('playground')).render(<Playground />);
