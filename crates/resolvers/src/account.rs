//! A signed-in customer's account.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use tidegate_auth::link::{self, LinkPurpose};
use tidegate_model::cart::Address;
use tidegate_model::id::{AddressId, OrderId, SessionId};
use tidegate_model::identity::{CustomerAddress, Session, email_key};
use tidegate_model::order::{Order, OrderHint};
use tidegate_model::page::{Page, Slice};
use tidegate_model::refusal::IdentityRefusal;
use tidegate_model::{Failure, Refusal, RefusalKind};
use tidegate_schema::ports::{AccountPort, AddressSaved, Answer, Change, CustomerChanged, CustomerChanges};
use tidegate_store::identity::{AccountCall, AddressSave, EmailChange, Limit, PasswordAccount, Verified};
use tidegate_store::{Outcome, StoreError};
use time::Duration;
use uuid::Uuid;

use crate::failure::failure;
use crate::limits::MailKind;
use crate::refusals::refusals;
use crate::registration::told;
use crate::sign_in::chosen;
use crate::{RequestResolvers, idempotency, limits, mint};

/// How soon after signing in an account without a password may change what a password protects.
const JUST_SIGNED_IN: Duration = Duration::minutes(10);
/// How long a mailed link to an order is good.
pub(crate) const ORDER_LINK_LIFE: Duration = Duration::days(30);

/// The refusal of what only customers can do.
pub(crate) fn sign_in_required() -> Refusal {
    Refusal::whole(RefusalKind::Identity(IdentityRefusal::SignInRequired))
}

/// A customer whose password was verified, and how the attempt was counted.
struct Proven {
    session: SessionId,
    account: PasswordAccount,
    counted: Vec<Limit>,
}

impl Proven {
    fn verified(&self) -> Verified {
        Verified { credential_version: self.account.credential_version, counted: self.counted.clone() }
    }
}

impl RequestResolvers {
    fn account_call(&self, session: SessionId, key: Option<Uuid>, operation: &str, input: &Value) -> AccountCall {
        let claim = key.map(|key| idempotency::claim(&self.request.viewer, key, operation, input));
        AccountCall { claim, session, now: self.request.now }
    }

    /// Verifies the customer's password, or that they have just signed in where there is none.
    async fn prove(&self, password: Option<&str>, path: &str) -> Answer<Result<Proven, Refusal>> {
        let Some(session) = self.request.viewer.session else { return Ok(Err(sign_in_required())) };
        let limit = limits::password_session(&session.encode());
        let find = || self.store().password_attempt(self.statements(), session, limit, self.request.now);
        let mut found = find().await.map_err(failure)?;
        if !found.live && self.made_session(None).await? {
            found = find().await.map_err(failure)?;
        }
        if !found.live {
            return Ok(Err(Refusal::whole(RefusalKind::Identity(IdentityRefusal::SessionRevoked))));
        }
        let Some(account) = found.account else { return Ok(Err(sign_in_required())) };
        if found.wait_ms > 0 {
            return Ok(Err(limits::refused(found.wait_ms)));
        }
        let proven = match &account.password_hash {
            None if account.begun_at > self.request.now - JUST_SIGNED_IN => true,
            None => return Ok(Err(sign_in_required())),
            Some(phc) => match self.shared.passwords.verify(password.unwrap_or_default(), Some(phc)).await? {
                Ok(verified) => verified,
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        if !proven {
            return Ok(Err(Refusal::at(RefusalKind::Identity(IdentityRefusal::InvalidCredentials), path)));
        }
        Ok(Ok(Proven { session, account, counted: vec![limit] }))
    }

    /// A call without an input of its own that was done before under this key: the proof that it took is good no more,
    /// because the call has replaced it.
    async fn done(&self, key: Option<Uuid>, operation: &str) -> Answer<Option<Outcome>> {
        let claim = key.map(|key| idempotency::claim(&self.request.viewer, key, operation, &json!({})));
        self.store().call_done(self.statements(), claim, self.request.now).await.map_err(failure)
    }

    /// What was refused, and the customer as it is now.
    async fn changed(
        &self,
        session: SessionId,
        answered: Result<Outcome, StoreError>,
        path: &str,
    ) -> Answer<CustomerChanged> {
        let refusals = told(answered, path)?;
        let read = self.store().viewer_session(self.statements(), session, self.request.now);
        let customer = read.await.map_err(failure)?.and_then(|found| found.customer);
        Ok(CustomerChanged { customer, refusals })
    }

    /// One of the customer's addresses.
    async fn address(&self, id: AddressId) -> Answer<Option<CustomerAddress>> {
        let Some(session) = self.request.viewer.session else { return Ok(None) };
        let read = self.store().addresses_by_id(self.statements(), session, self.request.now, vec![id.0]);
        Ok(read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)?.into_iter().next())
    }
}

fn refuse(refusal: Refusal) -> CustomerChanged {
    CustomerChanged { customer: None, refusals: vec![refusal] }
}

fn json_of(changes: &CustomerChanges) -> Value {
    let mut object = Map::new();
    let named = [("given_name", &changes.given_name), ("family_name", &changes.family_name), ("phone", &changes.phone)];
    for (name, change) in named {
        match change {
            Change::Keep => {}
            Change::Clear => drop(object.insert(name.to_owned(), Value::Null)),
            Change::Set(text) => drop(object.insert(name.to_owned(), json!(text))),
        }
    }
    Value::Object(object)
}

#[async_trait]
impl AccountPort for RequestResolvers {
    async fn customer_addresses(&self, page: Page) -> Answer<Slice<CustomerAddress>> {
        let Some(session) = self.request.viewer.session else { return Ok(Slice::empty()) };
        let read = self.store().addresses(self.statements(), session, self.request.now, page);
        read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)
    }

    async fn customer_orders(&self, page: Page) -> Answer<Slice<Order>> {
        let Some(session) = self.request.viewer.session else { return Ok(Slice::empty()) };
        let read = self.store().customer_orders(self.statements(), session, self.request.now, page);
        read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)
    }

    async fn customer_sessions(&self, page: Page) -> Answer<Slice<Session>> {
        let Some(session) = self.request.viewer.session else { return Ok(Slice::empty()) };
        let read = self.store().sessions(self.statements(), session, self.request.now, page);
        read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)
    }

    async fn customer_update(&self, changes: CustomerChanges, key: Option<Uuid>) -> Answer<CustomerChanged> {
        let Some(session) = self.request.viewer.session else { return Ok(refuse(sign_in_required())) };
        let changes = json_of(&changes);
        let call = self.account_call(session, key, "customerUpdate", &changes);
        let update = || self.store().customer_update(self.statements(), call.clone(), changes.clone());
        let answered = self.writing(call.claim.as_ref(), update).await?;
        self.changed(session, answered, "input").await
    }

    async fn password_change(
        &self,
        current: Option<String>,
        next: String,
        key: Option<Uuid>,
    ) -> Answer<CustomerChanged> {
        const OPERATION: &str = "passwordChange";
        let proven = match self.prove(current.as_deref(), "current").await? {
            Ok(proven) => proven,
            Err(refusal) => {
                let done = self.done(key, OPERATION).await?;
                let Some((session, outcome)) = self.request.viewer.session.zip(done) else {
                    return Ok(refuse(refusal));
                };
                return self.changed(session, Ok(outcome), "current").await;
            }
        };
        let chosen = match chosen(&next, &proven.account.email_key, "next") {
            Ok(password) => self.shared.passwords.hash(password).await?,
            Err(refusal) => Err(refusal),
        };
        let hash = match chosen {
            Ok(hash) => hash,
            Err(refusal) => {
                // The password was right: to choose a bad one is no guess.
                self.store().attempt_released(self.statements(), proven.counted).await.map_err(failure)?;
                return Ok(refuse(refusal));
            }
        };
        let call = self.account_call(proven.session, key, OPERATION, &json!({}));
        let mail = mint::id(self.request.now)?;
        let answered = self.store().password_change(self.statements(), call, proven.verified(), hash, mail).await;
        self.changed(proven.session, answered, "current").await
    }

    async fn email_change_request(
        &self,
        email: String,
        password: Option<String>,
        key: Option<Uuid>,
    ) -> Answer<Vec<Refusal>> {
        let proven = match self.prove(password.as_deref(), "password").await? {
            Ok(proven) => proven,
            Err(refusal) => return Ok(vec![refusal]),
        };
        let canonical = email_key(&email);
        let input = json!({ "email": canonical });
        let mails = mint::ids(self.request.now, 2)?;
        let change = EmailChange {
            claim: key.map(|key| idempotency::claim(&self.request.viewer, key, "emailChangeRequest", &input)),
            session: proven.session,
            credential_version: proven.account.credential_version,
            token: self.one_time()?,
            mails: [mails[0], mails[1]],
            counted: proven.counted,
            limits: limits::mail(MailKind::Other, &canonical, self.request.client.address),
            email: (email, canonical),
            now: self.request.now,
        };
        told(self.store().email_change_request(self.statements(), change).await, "email")
    }

    async fn email_change_confirm(&self, token: String, key: Option<Uuid>) -> Answer<CustomerChanged> {
        let Some(session) = self.request.viewer.session else { return Ok(refuse(sign_in_required())) };
        let Some(id) = self.linked(LinkPurpose::EmailChange, &token) else {
            return Ok(refuse(Refusal::at(RefusalKind::Identity(IdentityRefusal::OneTimeTokenInvalid), "token")));
        };
        let call = self.account_call(session, key, "emailChangeConfirm", &json!({ "token": id }));
        let confirm = || self.store().email_change_confirm(self.statements(), call.clone(), id);
        let answered = self.writing(call.claim.as_ref(), confirm).await?;
        self.changed(session, answered, "token").await
    }

    async fn customer_delete(
        &self,
        confirm: String,
        password: Option<String>,
        key: Option<Uuid>,
    ) -> Answer<Vec<Refusal>> {
        const OPERATION: &str = "customerDelete";
        let proven = match self.prove(password.as_deref(), "password").await? {
            Ok(proven) => proven,
            Err(refusal) => match self.done(key, OPERATION).await? {
                Some(outcome) => return told(Ok(outcome), "confirm"),
                None => return Ok(vec![refusal]),
            },
        };
        let call = self.account_call(proven.session, key, OPERATION, &json!({}));
        let delete = self.store().customer_delete(self.statements(), call, proven.verified(), email_key(&confirm));
        let refusals = told(delete.await, "confirm")?;
        if refusals.is_empty() {
            self.end_cookies();
        }
        Ok(refusals)
    }

    async fn address_save(
        &self,
        id: Option<AddressId>,
        address: Address,
        make_default: bool,
        key: Option<Uuid>,
    ) -> Answer<AddressSaved> {
        let Some(session) = self.request.viewer.session else {
            return Ok(AddressSaved { address: None, refusals: vec![sign_in_required()] });
        };
        let input = json!({ "id": id, "address": address, "makeDefault": make_default });
        let call = self.account_call(session, key, "addressSave", &input);
        let insert = id.is_none();
        let id = match id {
            Some(id) => id,
            None => AddressId(mint::id(self.request.now)?),
        };
        let save = AddressSave { id, insert, address, make_default };
        let write = || self.store().address_save(self.statements(), call.clone(), save.clone());
        let outcome = match self.writing(call.claim.as_ref(), write).await? {
            Ok(outcome) => outcome,
            Err(error) => {
                return Ok(AddressSaved { address: None, refusals: vec![idempotency::in_progress(error)?] });
            }
        };
        let refusals = refusals(&outcome, &|_, _, _| "id".to_owned())?;
        let address = match outcome.address {
            Some(id) => self.address(AddressId(id)).await?,
            None => None,
        };
        Ok(AddressSaved { address, refusals })
    }

    async fn address_delete(&self, id: AddressId, key: Option<Uuid>) -> Answer<Vec<Refusal>> {
        let Some(session) = self.request.viewer.session else { return Ok(vec![sign_in_required()]) };
        let call = self.account_call(session, key, "addressDelete", &json!({ "id": id }));
        let delete = || self.store().address_delete(self.statements(), call.clone(), id);
        told(self.writing(call.claim.as_ref(), delete).await?, "id")
    }

    async fn order_by_link(&self, link: String, hint: OrderHint) -> Answer<Option<Order>> {
        match link::open_order_link(&self.request.keys, &link, self.request.now) {
            Some(order) => self.linked_order(OrderId(order), hint).await,
            None => Ok(None),
        }
    }

    async fn order_link_send(&self, number: String, email: String, key: Option<Uuid>) -> Answer<Vec<Refusal>> {
        let canonical = email_key(&email);
        let mut counted = limits::mail(MailKind::Other, &canonical, self.request.client.address);
        counted.asker.push(limits::order_number(&number));
        let input = json!({ "number": number, "email": canonical });
        let claim = key.map(|key| idempotency::claim(&self.request.viewer, key, "orderLinkSend", &input));
        let (mail, kid) = self.one_time()?;
        let now = self.request.now;
        let send = tidegate_store::order::OrderLinkSend {
            claim,
            number: number.parse().map_err(|_| Failure::BadInput("number: no such number".to_owned()))?,
            email: (email, canonical),
            mail,
            kid,
            expires_at: now + ORDER_LINK_LIFE,
            limits: counted,
            now,
        };
        told(self.store().order_link_send(self.statements(), send).await, "number")
    }
}
