//! Joins what fields of one level ask for one by one into one statement for all of them.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use tidegate_model::Failure;
use tokio::sync::oneshot;

type Answer<V> = Result<Option<V>, Failure>;

/// A batch of one request. The engine polls all fields of a level before it polls one of them again, so whoever wakes
/// first after one yield finds the keys of all.
pub(crate) struct Batch<K, V> {
    waiting: Mutex<Vec<(K, oneshot::Sender<Answer<V>>)>>,
}

impl<K, V> Default for Batch<K, V> {
    fn default() -> Self {
        Self { waiting: Mutex::new(Vec::new()) }
    }
}

impl<K, V> fmt::Debug for Batch<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Batch")
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Batch<K, V> {
    /// The value of a key, fetched with those of all keys that are asked for at the same time.
    pub(crate) async fn load<F, R>(&self, key: K, fetch: F) -> Answer<V>
    where
        F: Fn(Vec<K>) -> R,
        R: Future<Output = Result<HashMap<K, V>, Failure>>,
    {
        // The field that fetches may be dropped when a sibling fails; then another one has to do it.
        loop {
            let answer = self.wait(key.clone());
            tokio::task::yield_now().await;
            let batch = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            if !batch.is_empty() {
                respond(batch, &fetch).await;
            }
            if let Ok(answer) = answer.await {
                return answer;
            }
        }
    }

    fn wait(&self, key: K) -> oneshot::Receiver<Answer<V>> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((key, sender));
        receiver
    }
}

async fn respond<K, V, F, R>(batch: Vec<(K, oneshot::Sender<Answer<V>>)>, fetch: &F)
where
    K: Clone + Eq + Hash,
    V: Clone,
    F: Fn(Vec<K>) -> R,
    R: Future<Output = Result<HashMap<K, V>, Failure>>,
{
    let mut keys: Vec<K> = Vec::with_capacity(batch.len());
    let mut seen = std::collections::HashSet::with_capacity(batch.len());
    for (key, _) in &batch {
        if seen.insert(key) {
            keys.push(key.clone());
        }
    }
    drop(seen);
    let found = fetch(keys).await;
    for (key, sender) in batch {
        let answer = match &found {
            Ok(found) => Ok(found.get(&key).cloned()),
            Err(failure) => Err(failure.clone()),
        };
        // Whoever asked may be gone; nobody else needs this value.
        drop(sender.send(answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn doubled(keys: Vec<u32>) -> HashMap<u32, u32> {
        keys.into_iter().map(|key| (key, key * 2)).collect()
    }

    #[tokio::test]
    async fn one_fetch_serves_all_that_ask_together() {
        let batch = Batch::<u32, u32>::default();
        let fetches = AtomicUsize::new(0);
        let fetch = |keys| {
            fetches.fetch_add(1, Ordering::Relaxed);
            async { Ok(doubled(keys)) }
        };

        let (first, second, third) = tokio::join!(batch.load(1, fetch), batch.load(2, fetch), batch.load(1, fetch));

        assert_eq!((first, second, third), (Ok(Some(2)), Ok(Some(4)), Ok(Some(2))));
        assert_eq!(fetches.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_dropped_fetch_is_done_again_by_another() {
        let batch = Batch::<u32, u32>::default();
        let never = |_| std::future::pending::<Result<HashMap<u32, u32>, Failure>>();
        let fetch = |keys| async { Ok(doubled(keys)) };
        let dropped = tokio::time::timeout(std::time::Duration::from_millis(20), batch.load(1, never));

        let (dropped, second) = tokio::join!(biased; dropped, batch.load(2, fetch));

        assert!(dropped.is_err());
        assert_eq!(second, Ok(Some(4)));
    }
}
