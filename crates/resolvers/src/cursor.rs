//! Cursors: sealed with a key that all replicas share.

use tidegate_auth::cursor;
use tidegate_model::CursorKey;
use tidegate_schema::ports::CursorPort;

use crate::RequestResolvers;

/// What our cursors are bound to; the kind of key inside binds one to its kind of list.
const CONTEXT: &str = "page";

impl CursorPort for RequestResolvers {
    fn seal_cursor(&self, key: &CursorKey) -> String {
        cursor::seal_cursor(&self.request.keys, CONTEXT, &key.encode(), self.request.now).unwrap_or_else(|error| {
            tracing::error!(%error, "no cursor could be sealed");
            String::new()
        })
    }

    fn open_cursor(&self, text: &str) -> Option<CursorKey> {
        let payload = cursor::open_cursor(&self.request.keys, CONTEXT, text).ok()?;
        CursorKey::decode(&payload)
    }
}
