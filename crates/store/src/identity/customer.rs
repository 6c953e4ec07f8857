//! Reads the viewer's session and customer. Each statement finds the live session first: no row means that it has
//! ended.

use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::cart::Address;
use tidegate_model::id::{AddressId, CustomerId, SessionId};
use tidegate_model::identity::{Customer, CustomerAddress, Session, SessionKind};
use tidegate_model::page::{CursorKey, Direction, Keyed, Page, Slice};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Conn, Statements, Store, StoreError};

/// The viewer's session, and the customer when signed in.
#[derive(Debug, Clone)]
pub struct SessionFound {
    /// The live session.
    pub session: Session,
    /// Its customer.
    pub customer: Option<Customer>,
}

async fn viewer_session(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
) -> Result<Option<SessionFound>, StoreError> {
    let row = sqlx::query!(
        r#"select s.device, s.created_at, s.last_seen_at, s.expires_at, c.id as "customer_id?", c.email as "email?",
                  c.email_verified as "email_verified?", c.password_hash is not null as "has_password!",
                  c.given_name, c.family_name, c.phone, c.created_at as "customer_created_at?",
                  a.id as "address_id?", a.address as "address?: Json<Address>"
           from session s
           left join customer c on c.id = s.customer_id
           left join customer_address a on a.customer_id = c.id and a.id = c.default_address_id
           where s.id = $1 and s.revoked_at is null and s.expires_at > $2"#,
        session.0,
        now,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let kind = if row.customer_id.is_some() { SessionKind::Customer } else { SessionKind::Guest };
    let address = row.address_id.zip(row.address).map(|(id, address)| CustomerAddress {
        id: AddressId(id),
        address: address.0,
        default: true,
    });
    let customer =
        row.customer_id.zip(row.email).zip(row.customer_created_at).map(|((id, email), created_at)| Customer {
            id: CustomerId(id),
            email,
            email_verified: row.email_verified.unwrap_or_default(),
            has_password: row.has_password,
            given_name: row.given_name,
            family_name: row.family_name,
            phone: row.phone,
            default_address: address,
            created_at,
        });
    let session = Session {
        id: session,
        kind,
        device: row.device,
        current: true,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
    };
    Ok(Some(SessionFound { session, customer }))
}

/// The place to start from and the sign of the direction: rows whose id is greater (forward) or less (backward).
fn start(page: &Page, newest_first: bool) -> Result<(Uuid, bool), StoreError> {
    let ascending = (page.direction == Direction::Forward) != newest_first;
    let cursor = match &page.cursor {
        Some(CursorKey::Id(id)) => *id,
        Some(_) => return Err(StoreError::BadValue),
        None if ascending => Uuid::nil(),
        None => Uuid::max(),
    };
    Ok((cursor, ascending))
}

fn keyed<T>(items: Vec<(Uuid, T)>, page: &Page) -> Slice<T> {
    Slice::from_rows(page, items.into_iter().map(|(id, item)| Keyed { key: CursorKey::Id(id), item }).collect())
}

/// The statement for a page of addresses: one row without an address where there is none.
macro_rules! address_rows {
    ($than:tt, $order:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            AddressRow,
            r#"select a.id as "id?", a.address as "address?: Json<Address>", a.id = c.default_address_id as "is_default?"
               from session s
               left join customer c on c.id = s.customer_id
               left join lateral (
                   select i.id, i.address from customer_address i
                   where i.customer_id = c.id and i.id "# + $than + r#" $3
                   order by i.id "# + $order + r#" limit $4
               ) a on true
               where s.id = $1 and s.revoked_at is null and s.expires_at > $2
               order by a.id "# + $order,
            $($argument),*
        )
    };
}

#[derive(Debug)]
struct AddressRow {
    id: Option<Uuid>,
    address: Option<Json<Address>>,
    is_default: Option<bool>,
}

impl AddressRow {
    fn read(self) -> Option<(Uuid, CustomerAddress)> {
        let id = self.id?;
        let default = self.is_default.unwrap_or_default();
        Some((id, CustomerAddress { id: AddressId(id), address: self.address?.0, default }))
    }
}

/// `None` when the session has ended.
async fn addresses(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
    page: &Page,
) -> Result<Option<Slice<CustomerAddress>>, StoreError> {
    let (cursor, ascending) = start(page, false)?;
    let rows = if ascending {
        address_rows!("> ", "asc", session.0, now, cursor, page.fetch()).fetch_all(conn).await?
    } else {
        address_rows!("< ", "desc", session.0, now, cursor, page.fetch()).fetch_all(conn).await?
    };
    Ok((!rows.is_empty()).then(|| keyed(rows.into_iter().filter_map(AddressRow::read).collect(), page)))
}

/// Those addresses of the customer's that have these ids; `None` when the session has ended.
async fn addresses_by_id(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
    ids: &[Uuid],
) -> Result<Option<Vec<CustomerAddress>>, StoreError> {
    let rows = address_rows!("= any($5) and i.id > ", "asc", session.0, now, Uuid::nil(), i64::MAX, ids)
        .fetch_all(conn)
        .await?;
    Ok((!rows.is_empty()).then(|| rows.into_iter().filter_map(AddressRow::read).map(|(_, address)| address).collect()))
}

/// The statement for a page of the customer's live sessions, or the guest's one.
macro_rules! session_rows {
    ($than:tt, $order:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            SessionRow,
            r#"select o.id as "id?", o.customer_id as "customer_id?", o.device as "device?", o.created_at as "created_at?",
                      o.last_seen_at as "last_seen_at?", o.expires_at as "expires_at?"
               from session s
               left join lateral (
                   select i.id, i.customer_id, i.device, i.created_at, i.last_seen_at, i.expires_at from session i
                   where (i.customer_id = s.customer_id or i.id = s.id)
                     and i.revoked_at is null and i.expires_at > $2 and i.id "# + $than + r#" $3
                   order by i.id "# + $order + r#" limit $4
               ) o on true
               where s.id = $1 and s.revoked_at is null and s.expires_at > $2
               order by o.id "# + $order,
            $($argument),*
        )
    };
}

#[derive(Debug)]
struct SessionRow {
    id: Option<Uuid>,
    customer_id: Option<Uuid>,
    device: Option<String>,
    created_at: Option<OffsetDateTime>,
    last_seen_at: Option<OffsetDateTime>,
    expires_at: Option<OffsetDateTime>,
}

impl SessionRow {
    fn read(self, current: SessionId) -> Option<(Uuid, Session)> {
        let id = self.id?;
        let kind = if self.customer_id.is_some() { SessionKind::Customer } else { SessionKind::Guest };
        let session = Session {
            id: SessionId(id),
            kind,
            device: self.device,
            current: id == current.0,
            created_at: self.created_at?,
            last_seen_at: self.last_seen_at?,
            expires_at: self.expires_at?,
        };
        Some((id, session))
    }
}

/// `None` when the session has ended.
async fn sessions(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
    page: &Page,
) -> Result<Option<Slice<Session>>, StoreError> {
    let (cursor, ascending) = start(page, true)?;
    let rows = if ascending {
        session_rows!("> ", "asc", session.0, now, cursor, page.fetch()).fetch_all(conn).await?
    } else {
        session_rows!("< ", "desc", session.0, now, cursor, page.fetch()).fetch_all(conn).await?
    };
    let read = |row: SessionRow| row.read(session);
    Ok((!rows.is_empty()).then(|| keyed(rows.into_iter().filter_map(read).collect(), page)))
}

/// Those live sessions of the customer's that have these ids, or the guest's own; `None` when the session has ended.
async fn sessions_by_id(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
    ids: &[Uuid],
) -> Result<Option<Vec<Session>>, StoreError> {
    let rows = session_rows!("= any($5) and i.id < ", "desc", session.0, now, Uuid::max(), i64::MAX, ids)
        .fetch_all(conn)
        .await?;
    let read = |row: SessionRow| row.read(session).map(|(_, session)| session);
    Ok((!rows.is_empty()).then(|| rows.into_iter().filter_map(read).collect()))
}

impl Store {
    /// See [`addresses_by_id`].
    pub async fn addresses_by_id(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
        ids: Vec<Uuid>,
    ) -> Result<Option<Vec<CustomerAddress>>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { addresses_by_id(conn, session, now, &ids).await }))
            .await
    }

    /// See [`sessions_by_id`].
    pub async fn sessions_by_id(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
        ids: Vec<Uuid>,
    ) -> Result<Option<Vec<Session>>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { sessions_by_id(conn, session, now, &ids).await })).await
    }

    /// The viewer's session and customer; `None` when the session has ended.
    pub async fn viewer_session(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
    ) -> Result<Option<SessionFound>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { viewer_session(conn, session, now).await })).await
    }

    /// A page of the customer's addresses, oldest first; `None` when the session has ended.
    pub async fn addresses(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
        page: Page,
    ) -> Result<Option<Slice<CustomerAddress>>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { addresses(conn, session, now, &page).await })).await
    }

    /// A page of the customer's live sessions, newest first; `None` when the session has ended.
    pub async fn sessions(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
        page: Page,
    ) -> Result<Option<Slice<Session>>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { sessions(conn, session, now, &page).await })).await
    }
}
