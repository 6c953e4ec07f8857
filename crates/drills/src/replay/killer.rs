//! Kills replicas while shoppers shop.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::replicas::Replicas;
use crate::seeded::Seeded;

/// A task that kills a random replica every so often.
#[derive(Debug)]
pub(super) struct Killer {
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<Ended>>,
}

/// What the killer leaves.
#[derive(Debug)]
pub(super) struct Ended {
    /// The replicas, all running.
    pub(super) replicas: Replicas,
    /// How often one was killed.
    pub(super) kills: u64,
    /// Replicas that ended though nobody killed them.
    pub(super) unasked: Vec<String>,
}

impl Killer {
    /// Starts killing; without an interval it only watches.
    pub(super) fn start(replicas: Replicas, every: Option<Duration>, random: Seeded) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: tokio::spawn(kill(replicas, every, random, stopped)) }
    }

    /// Stops killing. A replica that is being started again is waited for.
    pub(super) async fn end(self) -> anyhow::Result<Ended> {
        // A task that has failed has dropped its end; joining it tells why.
        let _ = self.stop.send(());
        self.task.await?
    }
}

async fn kill(
    replicas: Replicas,
    every: Option<Duration>,
    mut random: Seeded,
    mut stopped: oneshot::Receiver<()>,
) -> anyhow::Result<Ended> {
    let mut ended = Ended { replicas, kills: 0, unasked: Vec::new() };
    let pause = every.unwrap_or(Duration::from_secs(1));
    while tokio::time::timeout(pause, &mut stopped).await.is_err() {
        ended.watch();
        if every.is_some() {
            ended.replicas.kill_one(&mut random).await?;
            ended.kills += 1;
        }
    }
    ended.watch();
    Ok(ended)
}

impl Ended {
    fn watch(&mut self) {
        if let Some(words) = self.replicas.ended()
            && !self.unasked.contains(&words)
        {
            self.unasked.push(words);
        }
    }
}
