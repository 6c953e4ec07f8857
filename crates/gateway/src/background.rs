//! What a replica does between requests. Nothing depends on it being done in time, or by this replica.

use std::sync::Arc;
use std::time::Duration;

use tidegate_store::StoreError;

use crate::app::App;
use crate::mail;

const EXPIRY_INTERVAL: Duration = Duration::from_mins(1);
/// Rows deleted in one transaction.
const BATCH: i64 = 500;
/// Batches of one tick, so that a long absence is made good over some minutes.
const BATCHES: usize = 40;

/// Runs until it is dropped.
pub(crate) async fn run(app: App) {
    tokio::join!(app.keys().clone().keep_current(), expire(&app), mail::sender::run(&app));
}

async fn expire(app: &App) {
    loop {
        tokio::time::sleep(jittered(EXPIRY_INTERVAL)).await;
        for _ in 0..BATCHES {
            let shared = app.shared();
            let now = shared.clock.now();
            let deleted = async {
                let rows = shared.store.expire(Arc::default(), now, BATCH).await?;
                Ok::<_, StoreError>(rows + shared.store.mail_expire(Arc::default(), now, BATCH).await?)
            };
            match deleted.await {
                Ok(0) => break,
                Ok(rows) => tracing::debug!(rows, "expired"),
                Err(error) => {
                    tracing::warn!(%error, "expiry was put off");
                    break;
                }
            }
        }
    }
}

/// Replicas that were started together must not tick together: up to a fifth more.
pub(crate) fn jittered(interval: Duration) -> Duration {
    let [random] = tidegate_auth::entropy::bytes::<1>().unwrap_or_default();
    interval + interval * u32::from(random) / 1280
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_spread_over_a_fifth_of_the_interval() {
        let spread: std::collections::HashSet<_> = (0..64).map(|_| jittered(EXPIRY_INTERVAL)).collect();

        assert!(spread.len() > 8);
        assert!(spread.iter().all(|tick| (60.0..72.0).contains(&tick.as_secs_f64())));
    }
}
