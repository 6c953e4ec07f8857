//! Reading the catalogue: lists, pages, searches and single objects, from either gateway.

use serde_json::{Value, json};
use std::fmt::Write as _;
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Client, Shop, import};

use crate::attacks::refusal;
use crate::flows::{Buyer, variant};

/// Products of the large catalogue.
const PRODUCTS: usize = 130;

/// 130 products at five prices, so that most share theirs with others; every seventh is sold out.
async fn large() -> Shop {
    let shop = Shop::empty(|_| {}).await;
    let mut products = "handle,title,description,vendor,tags,options\n".to_owned();
    let mut variants = "product,sku,title,option_values,position\n".to_owned();
    let mut prices = "sku,market,currency,amount,compare_at\n".to_owned();
    let mut stock = "sku,on_hand\n".to_owned();
    let mut members = "collection,product,position\n".to_owned();
    for number in 0..PRODUCTS {
        let tags = if number % 2 == 0 { "even|all" } else { "odd|all" };
        // Titles repeat, so that the id decides their order.
        writeln!(products, "p{number},Title {},,,{tags},", number % 40).unwrap();
        writeln!(variants, "p{number},S{number},,,1").unwrap();
        writeln!(prices, "S{number},gb,GBP,{}.00,", number % 5 + 1).unwrap();
        writeln!(stock, "S{number},{}", if number % 7 == 0 { 0 } else { 3 }).unwrap();
        if number % 3 == 0 {
            writeln!(members, "third,p{number},{}", PRODUCTS - number).unwrap();
        }
    }
    let collections = "handle,title,description,position\nthird,Every third,,1\nempty,Nothing,,2\n";
    let files: &[(&str, &str)] = &[
        ("products.csv", &products),
        ("variants.csv", &variants),
        ("prices.csv", &prices),
        ("stock.csv", &stock),
        ("collections.csv", collections),
        ("collection_products.csv", &members),
    ];
    import(&shop.database.url, files, ImportOptions::default()).await;
    shop
}

fn handles(connection: &Value) -> Vec<String> {
    connection["nodes"].as_array().unwrap().iter().map(|node| node["handle"].as_str().unwrap().to_owned()).collect()
}

/// Every page of a list, forward or backward, in the order of the list.
async fn walk(client: &Client, list: &str, size: usize, backward: bool) -> Vec<String> {
    let (count, cursor, more, end) = if backward {
        ("last", "before", "hasPreviousPage", "startCursor")
    } else {
        ("first", "after", "hasNextPage", "endCursor")
    };
    let mut seen: Vec<String> = Vec::new();
    let mut at = Value::Null;
    loop {
        let query = format!(
            "query($c: Cursor) {{ list: {} {{ nodes {{ handle }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}",
            list.replace('%', &format!("{count}: {size}, {cursor}: $c"))
        );
        let answer = client.send(&query, json!({ "c": at })).await;
        let page = &answer.data()["list"];
        let rows = handles(page);
        assert!(rows.len() <= size && page["edges"].as_array().unwrap().len() == rows.len());
        assert_eq!(page["pageInfo"][if backward { "hasNextPage" } else { "hasPreviousPage" }], json!(!at.is_null()));
        seen = if backward { [rows, seen].concat() } else { [seen, rows].concat() };
        if page["pageInfo"][more] == json!(false) {
            return seen;
        }
        at = page["pageInfo"][end].clone();
    }
}

#[tokio::test]
async fn every_row_comes_once_in_every_order_either_way() {
    let shop = large().await;
    let client = shop.client();
    for sort in ["RELEVANCE", "TITLE", "PRICE_LOW_TO_HIGH", "PRICE_HIGH_TO_LOW", "NEWEST"] {
        let list = format!("products(%, sort: {sort})");
        let whole = walk(&client, &list, 250, false).await;
        let (forward, backward) = (walk(&client, &list, 7, false).await, walk(&client, &list, 11, true).await);
        assert_eq!(forward, whole, "{sort} forward");
        assert_eq!(backward, whole, "{sort} backward");
        let mut each = whole;
        each.sort_unstable();
        each.dedup();
        assert_eq!(each.len(), PRODUCTS, "{sort}");
    }
}

#[tokio::test]
async fn lists_are_sorted_as_they_say() {
    let shop = large().await;
    let values = async |sort: &str, field: &str, pointer: &str| {
        let answer = shop
            .client()
            .send(&format!("{{ products(first: 250, sort: {sort}) {{ nodes {{ {field} }} }} }}"), json!({}))
            .await;
        let nodes = answer.data()["products"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node.pointer(pointer).unwrap().as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let low = values("PRICE_LOW_TO_HIGH", "priceRange { min { amount } }", "/priceRange/min/amount").await;
    let high = values("PRICE_HIGH_TO_LOW", "priceRange { min { amount } }", "/priceRange/min/amount").await;
    assert!(low.is_sorted() && high.is_sorted_by(|one, other| one >= other));
    assert!(values("TITLE", "title", "/title").await.is_sorted());
    assert!(values("NEWEST", "createdAt", "/createdAt").await.is_sorted_by(|one, other| one >= other));
    let relevance = values("RELEVANCE", "handle", "/handle").await;
    assert_eq!(relevance[..3], ["p0", "p1", "p2"], "the order of the file");
}

#[tokio::test]
async fn filters_hold_together_and_over_all_pages() {
    let shop = large().await;
    let client = shop.client();
    let third = client
        .send("{ collection(by: { handle: \"third\" }) { id } }", json!({}))
        .await
        .at("/data/collection/id")
        .to_owned();
    let wanted = |rule: &dyn Fn(usize) -> bool| {
        (0..PRODUCTS).filter(|number| rule(*number)).map(|number| format!("p{number}")).collect::<Vec<_>>()
    };
    for (filter, rule) in [
        ("available: true".to_owned(), &(|number: usize| !number.is_multiple_of(7)) as &dyn Fn(usize) -> bool),
        ("available: false".to_owned(), &|number| number % 7 == 0),
        ("tags: [\"even\"]".to_owned(), &|number| number % 2 == 0),
        ("tags: [\"even\", \"all\"]".to_owned(), &|number| number % 2 == 0),
        ("tags: [\"even\", \"odd\"]".to_owned(), &|_| false),
        ("tags: []".to_owned(), &|_| true),
        ("price: { min: \"2\", max: \"3.00\" }".to_owned(), &|number| [1, 2].contains(&(number % 5))),
        ("price: { min: \"4\", max: \"1\" }".to_owned(), &|_| false),
        (format!("collection: \"{third}\""), &|number| number % 3 == 0),
        (format!("collection: \"{third}\", available: true, tags: [\"odd\"], price: {{ max: \"2\" }}"), &|number| {
            number % 3 == 0 && number % 7 != 0 && number % 2 == 1 && number % 5 < 2
        }),
    ] {
        for sort in ["RELEVANCE", "PRICE_HIGH_TO_LOW"] {
            let mut found =
                walk(&client, &format!("products(%, sort: {sort}, filter: {{ {filter} }})"), 9, false).await;
            let mut expected = wanted(rule);
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{filter} {sort}");
        }
    }
    for bad in ["price: { min: \"1.234\" }", "collection: \"x\"", "collection: \"prod_00000000000000000000000000\""] {
        let answer = client.send(&format!("{{ products(filter: {{ {bad} }}) {{ nodes {{ id }} }} }}"), json!({})).await;
        assert_eq!(refusal(&answer), "BAD_USER_INPUT", "{bad}");
    }
}

#[tokio::test]
async fn pages_are_24_unless_asked_and_250_at_most() {
    let shop = large().await;
    let client = shop.client();
    let count = async |arguments: &str| {
        let answer = client.send(&format!("{{ products{arguments} {{ nodes {{ handle }} }} }}"), json!({})).await;
        answer.data()["products"]["nodes"].as_array().unwrap().len()
    };
    assert_eq!((count("").await, count("(first: 1)").await, count("(last: 250)").await), (24, 1, PRODUCTS));
    for (arguments, code) in [
        ("(first: 251)", "PAGE_TOO_LARGE"),
        ("(last: 251)", "PAGE_TOO_LARGE"),
        ("(first: 0)", "BAD_USER_INPUT"),
        ("(first: 1, last: 1)", "BAD_USER_INPUT"),
    ] {
        let answer = client.send(&format!("{{ products{arguments} {{ nodes {{ handle }} }} }}"), json!({})).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, code), "{arguments}");
    }
    let wide = client.send("query($n: Int) { products(first: $n) { nodes { id } } }", json!({ "n": 251 })).await;
    assert_eq!((wide.status.as_u16(), refusal(&wide).as_str()), (400, "PAGE_TOO_LARGE"));
}

#[tokio::test]
async fn collections_page_in_the_merchants_order() {
    let shop = large().await;
    let client = shop.client();
    assert_eq!(walk(&client, "collections(%)", 1, false).await, ["third", "empty"]);
    assert_eq!(walk(&client, "collections(%, sort: TITLE)", 1, true).await, ["third", "empty"]);
    let query = "query($c: Cursor) { collection(by: { handle: \"third\" }) { title products(first: 10, after: $c) { nodes { handle } pageInfo { hasNextPage endCursor } } } }";
    let mut seen = Vec::new();
    let mut at = Value::Null;
    loop {
        let answer = client.send(query, json!({ "c": at })).await;
        let page = &answer.data()["collection"]["products"];
        seen.extend(handles(page));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        at = page["pageInfo"]["endCursor"].clone();
    }
    let expected: Vec<_> =
        (0..PRODUCTS).rev().filter(|number| number % 3 == 0).map(|number| format!("p{number}")).collect();
    assert_eq!(seen, expected);
    let empty = client.send("{ collection(by: { handle: \"empty\" }) { products { nodes { id } pageInfo { hasNextPage endCursor } } } }", json!({})).await;
    assert_eq!(
        empty.data()["collection"]["products"],
        json!({ "nodes": [], "pageInfo": { "hasNextPage": false, "endCursor": null } })
    );
    assert_eq!(
        client.send("{ collection(by: { handle: \"none\" }) { id } }", json!({})).await.data()["collection"],
        Value::Null
    );
}

async fn search(client: &Client, text: &str) -> Vec<String> {
    let answer =
        client.send("query($q: String!) { search(query: $q) { nodes { handle } } }", json!({ "q": text })).await;
    handles(&answer.data()["search"])
}

#[tokio::test]
async fn search_finds_words_tags_skus_and_misspelt_titles() {
    let shop = Shop::open().await;
    let client = shop.client();
    for (text, first) in [
        ("enamel mug", "mug"),
        ("Enamel", "mug"),
        ("mugs", "mug"),
        ("garden", "mug"),
        ("MUG-R", "mug"),
        ("blue", "mug"),
        ("towel", "tea-towel"),
        ("linen", "tea-towel"),
        ("candle", "candle"),
        ("vanila candle", "candle"),
        ("enmael mug", "mug"),
        ("linen tea towle", "tea-towel"),
    ] {
        assert_eq!(search(&client, text).await.first().map(String::as_str), Some(first), "{text}");
    }
    assert_eq!(search(&client, "xylophone").await, Vec::<String>::new());
    let kitchen =
        "{ search(query: \"kitchen\", filter: { available: true, price: { min: \"3\" } }) { nodes { handle } } }";
    assert_eq!(handles(&client.send(kitchen, json!({})).await.data()["search"]), ["tea-towel"]);
}

#[tokio::test]
async fn a_search_pages_over_all_it_found() {
    let shop = large().await;
    let client = shop.client();
    let whole = walk(&client, "search(%, query: \"title\")", 250, false).await;
    assert_eq!(whole.len(), PRODUCTS);
    assert_eq!(walk(&client, "search(%, query: \"title\")", 13, false).await, whole);
    assert_eq!(walk(&client, "search(%, query: \"title\")", 17, true).await, whole);
}

const PRODUCT: &str = "query($by: ProductRef!) { product(by: $by) { id handle title description vendor tags options { name values }
    priceRange { min { amount currency } max { amount } } availability { sellable variantCount variantsSellable }
    featuredImage { altText width height } collections { nodes { handle } }
    variants { nodes { sku title price { amount } compareAtPrice { amount } availability { sellable quantity } selectedOptions { name value } image { altText } } } } }";

#[tokio::test]
async fn a_product_is_found_by_id_handle_and_sku() {
    let shop = Shop::open().await;
    let client = shop.client();
    let by_handle = client.send(PRODUCT, json!({ "by": { "handle": "mug" } })).await;
    let mut product = by_handle.data()["product"].clone();
    let id = product.as_object_mut().unwrap().remove("id").unwrap();
    assert_eq!(
        product,
        json!({
            "handle": "mug", "title": "Enamel Mug", "description": "A mug for the garden.", "vendor": "Tide & Co",
            "tags": ["kitchen", "garden"], "options": [{ "name": "Colour", "values": ["Red", "Blue"] }],
            "priceRange": { "min": { "amount": "2.50", "currency": "GBP" }, "max": { "amount": "3.00" } },
            "availability": { "sellable": true, "variantCount": 2, "variantsSellable": 2 },
            "featuredImage": { "altText": "Enamel Mug", "width": 800, "height": 800 },
            "collections": { "nodes": [{ "handle": "kitchen" }, { "handle": "gifts" }] },
            "variants": { "nodes": [
                { "sku": "MUG-R", "title": "Red", "price": { "amount": "2.50" }, "compareAtPrice": { "amount": "3.00" },
                  "availability": { "sellable": true, "quantity": 10 }, "selectedOptions": [{ "name": "Colour", "value": "Red" }], "image": { "altText": "Enamel Mug" } },
                { "sku": "MUG-B", "title": "Blue", "price": { "amount": "3.00" }, "compareAtPrice": null,
                  "availability": { "sellable": true, "quantity": 10 }, "selectedOptions": [{ "name": "Colour", "value": "Blue" }], "image": { "altText": "Enamel Mug" } },
            ] },
        })
    );
    for by in [json!({ "id": id }), json!({ "sku": "MUG-B" })] {
        assert_eq!(client.send(PRODUCT, json!({ "by": by })).await.data(), by_handle.data());
    }
    for by in [
        json!({ "id": "prod_00000000000000000000000000" }),
        json!({ "handle": "MUG" }),
        json!({ "sku": "mug-r" }),
        json!({ "handle": "" }),
    ] {
        assert_eq!(client.send(PRODUCT, json!({ "by": by })).await.data()["product"], Value::Null, "{by}");
    }
    for by in [json!({}), json!({ "id": id, "handle": "mug" }), json!({ "handle": null }), json!(null)] {
        let answer = client.send(PRODUCT, json!({ "by": by })).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "BAD_USER_INPUT"), "{by}");
    }
}

#[tokio::test]
async fn a_variant_is_found_by_its_exact_options() {
    let shop = Shop::open().await;
    let query = "query($o: [OptionInput!]!) { product(by: { handle: \"mug\" }) { variant(options: $o) { sku product { handle } } } }";
    let chosen = async |options: Value| {
        shop.client().send(query, json!({ "o": options })).await.data()["product"]["variant"].clone()
    };
    assert_eq!(
        chosen(json!([{ "name": "Colour", "value": "Blue" }])).await,
        json!({ "sku": "MUG-B", "product": { "handle": "mug" } })
    );
    for none in [
        json!([]),
        json!([{ "name": "Colour", "value": "blue" }]),
        json!([{ "name": "Size", "value": "Red" }]),
        json!([{ "name": "Colour", "value": "Red" }, { "name": "Size", "value": "L" }]),
    ] {
        assert_eq!(chosen(none.clone()).await, Value::Null, "{none}");
    }
    let sold_out = "{ product(by: { handle: \"candle\" }) { defaultVariant { sku availability { sellable quantity } } availability { sellable } } }";
    assert_eq!(
        shop.client().send(sold_out, json!({})).await.data()["product"],
        json!({ "defaultVariant": { "sku": "CANDLE", "availability": { "sellable": false, "quantity": 0 } }, "availability": { "sellable": false } })
    );
}

/// The same two variants as a page of their product, behind a list, as lines of a cart and by their ids.
const IMAGES: &str = "query($cart: ID!, $ids: [ID!]!) {
    product(by: { handle: \"mug\" }) { featuredImage { ...I } variants { nodes { sku image { ...I } } } }
    products(first: 1, filter: { tags: \"garden\" }) { nodes { featuredImage { ...I } variants { nodes { sku image { ...I } } } } }
    cart(id: $cart) { lines { nodes { variant { sku image { ...I } product { featuredImage { ...I } } } } } }
    nodes(ids: $ids) { ... on Variant { sku image { ...I } product { featuredImage { ...I } } } } }
    fragment I on Image { url altText width height }";

/// The product's image and those of its variants, asserting that they are the same wherever they are asked for.
async fn images(buyer: &Buyer, ids: &Value) -> (Value, Vec<Value>) {
    let answer = buyer.client.send(IMAGES, json!({ "cart": buyer.cart, "ids": ids })).await;
    let data = answer.data();
    let featured = data["product"]["featuredImage"].clone();
    let shown = |variant: &Value| json!({ "sku": variant["sku"], "image": variant["image"] });
    let variants: Vec<_> = data["product"]["variants"]["nodes"].as_array().unwrap().iter().map(shown).collect();
    assert_eq!(data["products"]["nodes"][0], json!({ "featuredImage": featured, "variants": { "nodes": variants } }));
    let lines = data["cart"]["lines"]["nodes"].as_array().unwrap().iter().map(|line| &line["variant"]);
    let nodes = data["nodes"].as_array().unwrap().iter();
    assert_eq!(lines.clone().map(shown).collect::<Vec<_>>(), variants);
    assert_eq!(nodes.clone().map(shown).collect::<Vec<_>>(), variants);
    assert!(lines.chain(nodes).all(|variant| variant["product"]["featuredImage"] == featured), "{data}");
    (featured, variants)
}

#[tokio::test]
async fn images_are_a_variants_own_or_its_products_or_drawn() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1), ("MUG-B", 1)]).await;
    let ids = json!([variant(&buyer.client, "MUG-R").await, variant(&buyer.client, "MUG-B").await]);

    let (drawn, variants) = images(&buyer, &ids).await;
    let url = drawn["url"].as_str().unwrap();
    assert!(url.starts_with("http://shop.test/media/product/prod_") && url.ends_with("/mug.svg"), "{url}");
    assert_eq!(variants, [json!({ "sku": "MUG-R", "image": drawn }), json!({ "sku": "MUG-B", "image": drawn })]);
    assert_eq!(images(&buyer, &ids).await, (drawn.clone(), variants), "a pure function of the product");

    shop.database
        .run("insert into product_image (product_id, position, variant_id, url, alt, width, height)
              select p.id, 1, v.id, 'https://cdn.example/red.jpg', 'Red mug', 640, 480 from product p join variant v on v.product_id = p.id where v.sku = 'MUG-R'")
        .await;
    let red = json!({ "url": "https://cdn.example/red.jpg", "altText": "Red mug", "width": 640, "height": 480 });
    let (featured, variants) = images(&buyer, &ids).await;
    assert_eq!(featured, drawn);
    assert_eq!(variants, [json!({ "sku": "MUG-R", "image": red }), json!({ "sku": "MUG-B", "image": drawn })]);

    let both = "product,sku,url,alt,width,height\nmug,,https://cdn.example/mug.jpg,Mugs,900,700\nmug,MUG-R,https://cdn.example/red.jpg,Red mug,640,480\n";
    import(&shop.database.url, &[("images.csv", both)], ImportOptions::default()).await;
    let mugs = json!({ "url": "https://cdn.example/mug.jpg", "altText": "Mugs", "width": 900, "height": 700 });
    let (featured, variants) = images(&buyer, &ids).await;
    assert_eq!(featured, mugs);
    assert_eq!(variants, [json!({ "sku": "MUG-R", "image": red }), json!({ "sku": "MUG-B", "image": mugs })]);
}
