//! Prepares documents, and keeps a bounded number of bytes of them.

use std::sync::Arc;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use crate::contract::{Contract, Hash, SchemaError};
use crate::limits::Limits;
use crate::prepared::Prepared;
use crate::refusal::Refusal;

/// Memory charged for each byte of text, and for each document. Together they cover the two documents that were
/// measured: 22 KB for 333 bytes with fragments and arguments, 17 bytes a byte for 15 KB of repeated fields.
const BYTES_PER_TEXT_BYTE: u64 = 64;
const BYTES_PER_DOCUMENT: u64 = 4 * 1024;

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<Box<str>, Arc<Prepared>> for ByBytes {
    fn weight(&self, text: &Box<str>, _: &Arc<Prepared>) -> u64 {
        weight(text.len())
    }
}

fn weight(text_bytes: usize) -> u64 {
    let length = u64::try_from(text_bytes).unwrap_or(u64::MAX);
    length.saturating_mul(BYTES_PER_TEXT_BYTE).saturating_add(BYTES_PER_DOCUMENT)
}

type Kept = Cache<Box<str>, Arc<Prepared>, ByBytes>;

/// A part of the cache keeps nothing larger than itself, so there are as few parts as let the longest text in.
fn cache(limits: &Limits, bytes: u64) -> Option<Kept> {
    let parts = bytes / weight(limits.text_bytes).saturating_mul(2);
    let options = OptionsBuilder::new()
        .shards(usize::try_from(parts.clamp(1, 16)).unwrap_or(1))
        .estimated_items_capacity(usize::try_from(bytes / weight(256)).unwrap_or(usize::MAX).max(16))
        .weight_capacity(bytes)
        .build()
        .ok()
        .filter(|_| bytes > 0)?;
    let hasher = DefaultHashBuilder::default();
    Some(Cache::with_options(options, ByBytes, hasher, DefaultLifecycle::default()))
}

/// One schema's documents. What it keeps is a pure function of the schema and the text: without a cache the
/// answers are the same, and slower. Texts that are refused are not kept.
#[derive(Debug)]
pub struct Documents {
    contract: Arc<Contract>,
    /// Keyed by the whole text, so that no two texts can be taken for one another.
    cache: Option<Kept>,
}

impl Documents {
    /// Documents of a schema given as its definition text. `cache_bytes` bounds the memory of kept documents,
    /// none are kept when it is 0.
    pub fn new(sdl: &str, limits: Limits, cache_bytes: u64) -> Result<Self, SchemaError> {
        Ok(Self { cache: cache(&limits, cache_bytes), contract: Arc::new(Contract::new(sdl, limits)?) })
    }

    /// SHA-256 of the schema's text.
    pub fn schema_hash(&self) -> &Hash {
        &self.contract.hash
    }

    /// Parses, bounds and validates a text, unless it is known to be valid.
    pub fn prepare(&self, text: &str) -> Result<Arc<Prepared>, Vec<Refusal>> {
        if let Some(known) = self.cache.as_ref().and_then(|cache| cache.get(text)) {
            return Ok(known);
        }
        let prepared = Arc::new(Prepared::new(Arc::clone(&self.contract), text)?);
        if let Some(cache) = &self.cache {
            cache.insert(text.into(), Arc::clone(&prepared));
        }
        Ok(prepared)
    }

    /// Documents that are kept at the moment, and the bytes they are counted as.
    pub fn kept(&self) -> (usize, u64) {
        let cache = self.cache.as_ref();
        cache.map_or((0, 0), |cache| (cache.len(), cache.weight()))
    }
}
