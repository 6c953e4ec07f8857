//! The application: what every request shares, and its routes.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::Router;
use tidegate_auth::keys::KeyEncryptionKey;
use tidegate_document::{Documents, Limits};
use tidegate_model::Clock;
use tidegate_resolvers::oidc::OidcClient;
use tidegate_resolvers::{LookAhead, Passwords, Shared};
use tidegate_schema::Storefront;
use tidegate_store::migrations::{self, MigrationState};
use tidegate_store::{PoolSettings, Store};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::config::{Mode, Secret, Settings, Transport};
use crate::issuers::Issuers;
use crate::keys::KeyRing;
use crate::mail::Mailer;
use crate::problem::Problem;
use crate::{http, scalars};

/// What every request shares: code, configuration, keys, compiled documents and connections. Nothing of a client.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    mode: Mode,
    settings: Settings,
    schema: Storefront,
    documents: Documents,
    cost_limit: u64,
    shared: Arc<Shared>,
    keys: KeyRing,
    issuers: Arc<Issuers>,
    mailer: Mailer,
    slots: Arc<Semaphore>,
    draining: AtomicBool,
    id_keys: RandomState,
    requests: AtomicU64,
}

/// Makes the application: checks the database and its migrations, and reads the keys. The first replica of a shop
/// makes its first key. Needs a tokio runtime.
pub async fn build(mode: Mode, settings: Settings, clock: Arc<dyn Clock>) -> Result<App, Problem> {
    check_transport(&settings)?;
    database_url(&settings)?;
    let store = store(&settings).await?;
    let kek = key_encryption_key(&settings)?;
    let mailer = Mailer::open(mode, &settings)?;
    let keys = KeyRing::open(store.clone(), Arc::clone(&clock), kek, settings.signing_algorithm).await?;
    let issuers = Arc::new(Issuers::new(&settings)?);
    let limits = scalars::limits();
    let cost_limit = limits.objects;
    Ok(App(Arc::new(Parts {
        mode,
        schema: tidegate_schema::storefront(),
        documents: documents(limits, settings.document_cache_bytes)?,
        cost_limit,
        shared: Arc::new(Shared {
            store,
            clock,
            public_url: settings.public_url(),
            issuer: settings.token_issuer.clone(),
            audience: settings.token_audience.clone(),
            passwords: Passwords::new(settings.password_cost, settings.password_memory),
            oidc: Arc::clone(&issuers) as Arc<dyn OidcClient>,
            look_ahead: if settings.look_ahead { LookAhead::On } else { LookAhead::Off },
        }),
        keys,
        issuers,
        mailer,
        slots: Arc::new(Semaphore::new(settings.in_flight.min(Semaphore::MAX_PERMITS))),
        draining: AtomicBool::new(false),
        id_keys: RandomState::new(),
        requests: AtomicU64::new(0),
        settings,
    })))
}

/// The address of the database, or what to do without one.
pub(crate) fn database_url(settings: &Settings) -> Result<&str, Problem> {
    settings.database_url.as_ref().map(Secret::reveal).ok_or_else(|| {
        Problem::configuration("there is no database address").hint("set DATABASE_URL, or database.url in the file")
    })
}

/// The way to a database that has this release's migrations.
pub(crate) async fn store(settings: &Settings) -> Result<Store, Problem> {
    let url = database_url(settings)?;
    check_migrations(url).await?;
    let pool = PoolSettings {
        max_connections: settings.database_connections,
        wait: settings.database_wait,
        ..PoolSettings::default()
    };
    Store::new(url, pool).map_err(|_| Problem::configuration("the database address cannot be read").hint(ADDRESS_HINT))
}

/// The application's routes.
pub fn router(app: App) -> Router {
    http::router(app)
}

const ADDRESS_HINT: &str = "it looks like postgres://user:password@host:5432/database";

/// With cookies and no origin, no browser could do anything.
fn check_transport(settings: &Settings) -> Result<(), Problem> {
    if settings.session_transport == Transport::Cookie && settings.session_origins.is_empty() {
        return Err(Problem::configuration("session.transport is cookie, and session.origins names no front end")
            .hint("set TIDEGATE_SESSION_ORIGINS to the origins of the pages that call, such as https://shop.example"));
    }
    Ok(())
}

pub(crate) fn key_encryption_key(settings: &Settings) -> Result<KeyEncryptionKey, Problem> {
    let hint = "set TIDEGATE_KEY_ENCRYPTION_KEY to the output of `openssl rand -base64 32`, the same on every replica";
    let Some(text) = &settings.key_encryption_key else {
        return Err(Problem::configuration("there is no key-encryption key").hint(hint));
    };
    text.reveal().parse().map_err(|error| Problem::configuration(format!("{error}")).hint(hint))
}

async fn check_migrations(url: &str) -> Result<(), Problem> {
    match migrations::state(url).await {
        Ok(MigrationState::Current) => Ok(()),
        Ok(MigrationState::Behind(missing)) => {
            let plural = if missing == 1 { "migration" } else { "migrations" };
            Err(Problem::configuration(format!("the database lacks {missing} {plural} of this release"))
                .hint("run `tidegate migrate`"))
        }
        Err(error) => Err(unreachable(&error)),
    }
}

/// The database cannot be used; the operator, unlike a client, is told why.
pub(crate) fn unreachable(error: &migrations::MigrateError) -> Problem {
    let hint = match error {
        migrations::MigrateError::Database(_) => {
            format!("check that PostgreSQL runs and that DATABASE_URL is right; {ADDRESS_HINT}")
        }
        migrations::MigrateError::Migration(_) => {
            "another version of Tidegate made this database; a private one of `dev` is made anew when the folder \
             .tidegate is removed"
                .to_owned()
        }
    };
    Problem::configuration(error.to_string().trim_end_matches('.').to_owned()).hint(hint)
}

fn documents(limits: Limits, cache_bytes: u64) -> Result<Documents, Problem> {
    Documents::new(&tidegate_schema::sdl(), limits, cache_bytes).map_err(|error| Problem::failed(error.to_string()))
}

impl App {
    pub(crate) fn mode(&self) -> Mode {
        self.0.mode
    }

    /// The configuration in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn schema(&self) -> &Storefront {
        &self.0.schema
    }

    pub(crate) fn documents(&self) -> &Documents {
        &self.0.documents
    }

    pub(crate) fn cost_limit(&self) -> u64 {
        self.0.cost_limit
    }

    /// What resolvers share.
    #[must_use]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.0.shared
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// The issuers whose tokens are taken.
    pub(crate) fn issuers(&self) -> &Issuers {
        &self.0.issuers
    }

    /// What writes and sends mails.
    pub(crate) fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }

    /// The right to work on one more request; `None` when there are too many.
    pub(crate) fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.slots).try_acquire_owned().ok()
    }

    /// Waits until no request is being worked on, those included whose client has left.
    pub(crate) async fn idle(&self) {
        let all = u32::try_from(self.0.settings.in_flight.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        // Fails only when closed, which nobody does.
        drop(self.0.slots.acquire_many(all).await);
    }

    /// Whether the process is about to stop.
    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// A new request id: UUIDv7 from the clock. What is random in it is a count under keys of this process: ids do not
    /// collide and tell nothing, and no security rests on them.
    pub(crate) fn request_id(&self) -> Uuid {
        let now = self.0.shared.clock.now().unix_timestamp_nanos() / 1_000_000;
        let count = self.0.requests.fetch_add(1, Ordering::Relaxed);
        let halves = [0_u8, 1].map(|half| self.0.id_keys.hash_one((count, half)).to_be_bytes());
        let mut random = [0; 10];
        random.copy_from_slice(&halves.as_flattened()[..10]);
        uuid::Builder::from_unix_timestamp_millis(u64::try_from(now).unwrap_or_default(), &random).into_uuid()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("App").field("mode", &self.0.mode).finish_non_exhaustive()
    }
}
