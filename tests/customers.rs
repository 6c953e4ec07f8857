//! Customers, as the tests of several files need them.

use serde_json::{Value, json};
use tidegate_auth::password::HashCost;
use tidegate_gateway::config::Mode;
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Client, Database, Shop, import};

use crate::flows::{CREATE, lines};

/// A password that passes the rules.
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) const REGISTER: &str = "mutation($email: String!, $password: String!, $key: IdempotencyKey) {
    customerRegister(input: { email: $email, password: $password, givenName: \"Ada\" }, idempotencyKey: $key) {
        accepted errors { __typename code path ... on PasswordRejectedError { reason }
                          ... on RateLimitedError { retryAfterMs } } } }";

pub(crate) const VERIFY: &str = "mutation($token: String!, $policy: CartMergePolicy! = SUM, $key: IdempotencyKey) {
    customerVerifyEmail(token: $token, cart: $policy, idempotencyKey: $key) {
        tokens { accessToken refreshToken } session { id kind } customer { id email }
        cart { id totalQuantity } deviceToken errors { __typename code path } } }";

pub(crate) const LOGIN: &str = "mutation($input: LoginInput!, $policy: CartMergePolicy! = SUM, $key: IdempotencyKey) {
    login(input: $input, cart: $policy, idempotencyKey: $key) {
        tokens { accessToken refreshToken } session { id kind current device } customer { id email }
        cart { id revision totalQuantity lines { nodes { quantity } } } deviceToken
        errors { __typename code path ... on RateLimitedError { retryAfterMs }
                 ... on ProviderRefusedError { reason } } } }";

pub(crate) const VIEWER: &str = "{ viewer { session { id kind current }
    customer { id email emailVerified hasPassword phone name { givenName familyName } defaultAddress { id } }
    cart { id totalQuantity } } }";

pub(crate) const REFRESH: &str = "mutation($token: String!) { sessionRefresh(refreshToken: $token) {
    tokens { accessToken refreshToken } session { id } errors { code } } }";

pub(crate) const LOGOUT: &str =
    "mutation($key: IdempotencyKey) { logout(idempotencyKey: $key) { accepted errors { code } } }";

pub(crate) const CODE_SEND: &str = "mutation($email: String!, $key: IdempotencyKey) {
    loginCodeSend(email: $email, idempotencyKey: $key) {
        accepted errors { __typename code path ... on RateLimitedError { retryAfterMs } } } }";

pub(crate) const RESET_SEND: &str = "mutation($email: String!, $key: IdempotencyKey) {
    passwordResetSend(email: $email, idempotencyKey: $key) {
        accepted errors { __typename code path ... on RateLimitedError { retryAfterMs } } } }";

pub(crate) const RESET: &str = "mutation($token: String!, $password: String!, $key: IdempotencyKey) {
    passwordReset(token: $token, password: $password, idempotencyKey: $key) {
        tokens { accessToken refreshToken } session { id kind } customer { id email }
        cart { id totalQuantity } deviceToken
        errors { __typename code path ... on PasswordRejectedError { reason } } } }";

pub(crate) const PASSWORD_CHANGE: &str = "mutation($current: String, $next: String!, $key: IdempotencyKey) {
    passwordChange(current: $current, next: $next, idempotencyKey: $key) {
        customer { id } errors { __typename code path ... on PasswordRejectedError { reason }
                                 ... on RateLimitedError { retryAfterMs } } } }";

/// The lines of the viewer's cart.
pub(crate) const VIEWER_CART: &str = "{ viewer { cart { id lines(first: 250) { nodes {
    quantity variant { sku } attributes { key value } } } } } }";

/// Every row but those that count attempts and remember keys, by table: what a refusal must leave as it is.
const ROWS: &str = "select string_agg(table_name || ' ' || md5(query_to_xml(
        format('select * from %I t order by t::text', table_name), true, false, '')::text), E'\\n' order by table_name)
    from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('throttle', 'idempotency')";

/// A shop whose password hashes cost next to nothing.
pub(crate) async fn shop() -> Shop {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    Shop::over(database, Mode::Serve, |settings| settings.password_cost = HashCost::weak_for_tests()).await
}

/// A digest of every table's rows: equal before and after a refusal.
pub(crate) async fn rows(shop: &Shop) -> String {
    shop.database.ask(ROWS).await
}

/// A signed-in customer.
pub(crate) struct Customer {
    pub(crate) client: Client,
    pub(crate) email: String,
    pub(crate) id: String,
    pub(crate) session: String,
    pub(crate) refresh: String,
    pub(crate) device: String,
}

impl Customer {
    /// A new customer, who registered and followed the link in the mail.
    pub(crate) async fn new(shop: &Shop, email: &str) -> Self {
        Self::of(shop, shop.client(), email).await
    }

    /// The same, for a client that was there before, such as a guest.
    pub(crate) async fn of(shop: &Shop, client: Client, email: &str) -> Self {
        let answer = register(&client, email).await;
        assert_eq!(answer.data()["customerRegister"], json!({ "accepted": true, "errors": [] }));
        let token = mailed_token(shop, email).await;
        let answer = client.send(VERIFY, json!({ "token": token })).await;
        Self::from(client, email, &answer, "customerVerifyEmail")
    }

    /// The customer whom a sign-in has signed in.
    pub(crate) fn from(mut client: Client, email: &str, answer: &Answer, field: &str) -> Self {
        assert_eq!(answer.data()[field]["errors"], json!([]), "{}", answer.text);
        let at = |pointer: &str| answer.at(&format!("/data/{field}/{pointer}")).to_owned();
        client.sign_in(&at("tokens/accessToken"));
        Self {
            email: email.to_owned(),
            id: at("customer/id"),
            session: at("session/id"),
            refresh: at("tokens/refreshToken"),
            device: at("deviceToken"),
            client,
        }
    }

    /// The same customer on another device.
    pub(crate) async fn elsewhere(&self, shop: &Shop) -> Self {
        let client = shop.client();
        let answer = login(&client, &self.email, PASSWORD).await;
        Self::from(client, &self.email, &answer, "login")
    }

    /// A new cart of the customer's.
    pub(crate) async fn cart(&self, wanted: &[(&str, i32)]) -> String {
        new_cart(&self.client, wanted).await
    }

    /// Whether the customer's session still stands.
    pub(crate) async fn is_signed_in(&self) -> bool {
        let answer = self.client.send(VIEWER, json!({})).await;
        match answer.value("/errors/0/extensions/code").as_str() {
            None => answer.data()["viewer"]["customer"]["id"] == json!(self.id),
            Some("SESSION_REVOKED") => false,
            Some(other) => panic!("{other}: {}", answer.text),
        }
    }
}

pub(crate) async fn register(client: &Client, email: &str) -> Answer {
    client.send(REGISTER, json!({ "email": email, "password": PASSWORD })).await
}

pub(crate) async fn login(client: &Client, email: &str, password: &str) -> Answer {
    client.send(LOGIN, json!({ "input": { "password": { "email": email, "password": password } } })).await
}

/// The input of a sign-in with a password.
pub(crate) fn by_password(email: &str, password: &str) -> Value {
    json!({ "password": { "email": email, "password": password } })
}

/// The input of a sign-in with a code.
pub(crate) fn by_code(email: &str, code: &str) -> Value {
    json!({ "oneTimeCode": { "email": email, "code": code } })
}

/// A new cart of a client who has a session.
pub(crate) async fn new_cart(client: &Client, wanted: &[(&str, i32)]) -> String {
    let input = json!({ "lines": lines(client, wanted).await });
    let created = client.send(CREATE, json!({ "input": input })).await;
    assert_eq!(created.data()["cartCreate"]["errors"], json!([]), "{}", created.text);
    created.at("/data/cartCreate/cart/id").to_owned()
}

/// The lines of the viewer's cart as (SKU, pieces), by SKU and pieces.
pub(crate) async fn contents(client: &Client) -> Vec<(String, i64)> {
    let answer = client.send(VIEWER_CART, json!({})).await;
    let nodes = answer.data()["viewer"]["cart"]["lines"]["nodes"].as_array().cloned().unwrap_or_default();
    let line = |node: &Value| {
        (node["variant"]["sku"].as_str().unwrap_or_default().to_owned(), node["quantity"].as_i64().unwrap_or_default())
    };
    let mut lines: Vec<_> = nodes.iter().map(line).collect();
    lines.sort();
    lines
}

/// The same, as a test writes it down.
pub(crate) fn pieces(wanted: &[(&str, i64)]) -> Vec<(String, i64)> {
    wanted.iter().map(|(sku, quantity)| ((*sku).to_owned(), *quantity)).collect()
}

/// The codes of a payload's errors.
pub(crate) fn codes<'a>(answer: &'a Answer, field: &str) -> Vec<&'a str> {
    let errors = answer.value(&format!("/data/{field}/errors")).as_array();
    let errors = errors.unwrap_or_else(|| panic!("no payload: {}", answer.text));
    errors.iter().filter_map(|error| error["code"].as_str()).collect()
}

/// The token of the link in the newest mail to an address.
pub(crate) async fn mailed_token(shop: &Shop, email: &str) -> String {
    let mail = shop.mails(email).await.into_iter().next().expect("a mail");
    let start = mail.text.find("tgl_").unwrap_or_else(|| panic!("no link in {}", mail.text));
    let is_token = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    mail.text[start..].chars().take_while(|character| is_token(*character)).collect()
}

/// The code in the newest mail to an address.
pub(crate) async fn mailed_code(shop: &Shop, email: &str) -> String {
    let mail = shop.mails(email).await.into_iter().next().expect("a mail");
    let words = mail.text.split(|character: char| !character.is_ascii_digit());
    words.filter(|word| word.len() == 8).map(str::to_owned).next().unwrap_or_else(|| panic!("no code in {}", mail.text))
}

/// Who the viewer is now.
pub(crate) async fn viewer(client: &Client) -> Value {
    client.send(VIEWER, json!({})).await.data()["viewer"].clone()
}
