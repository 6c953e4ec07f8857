//! From the `X-Api-Key` header to the registered client application that sent it.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tidegate_model::identity::Client;
use time::OffsetDateTime;

use super::client_address::{self, Peer};
use super::device;
use super::header_values::single;
use super::refused::{Refused, code};
use crate::app::App;
use crate::keys::{ApiKey, Scope};

static API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Who calls: nobody in particular, or an application with a key. A key that is not in force is refused, lest a front
/// end believe that it still has one.
pub(crate) async fn application(
    app: &App,
    headers: &HeaderMap,
    now: OffsetDateTime,
) -> Result<Option<Arc<ApiKey>>, Refused> {
    let Some(value) = single(headers, &API_KEY)? else { return Ok(None) };
    let sent = value.to_str().ok().and_then(|text| tidegate_auth::api_key::ApiKey::parse(text).ok());
    let key = match sent {
        Some(sent) => app.keys().api_key(&sent.hash(), now).await,
        None => None,
    };
    let key = key.ok_or_else(invalid)?;
    if key.may(Scope::Storefront) { Ok(Some(key)) } else { Err(lacks(Scope::Storefront)) }
}

/// The far end of a request: where limits count it, and what it holds. An application that may says whose request it
/// forwards; anybody else who says so is not listened to.
pub(crate) fn client(
    app: &App,
    headers: &HeaderMap,
    peer: Option<Peer>,
    application: Option<&ApiKey>,
) -> Result<Client, Refused> {
    let of_connection = || client_address::of_connection(headers, peer, &app.settings().trusted_proxies);
    let address = match application {
        Some(key) if client_address::names_buyer(headers) => {
            if !key.may(Scope::BuyerAddress) {
                return Err(lacks(Scope::BuyerAddress));
            }
            client_address::of_buyer(headers)?
        }
        _ => of_connection(),
    };
    Ok(Client { address: address.map(client_address::counted), device: device::label(headers) })
}

fn invalid() -> Refused {
    Refused::new(StatusCode::UNAUTHORIZED, code::API_KEY_INVALID, "The API key is unknown, has expired or was revoked.")
        .with(header::WWW_AUTHENTICATE, HeaderValue::from_static("ApiKey"))
}

fn lacks(scope: Scope) -> Refused {
    let message = format!("The API key lacks the scope {}.", scope.as_str());
    Refused::new(StatusCode::FORBIDDEN, code::API_KEY_SCOPE, &message)
}
