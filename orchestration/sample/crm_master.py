"""The CRM's master data and sales as it delivers them: sites, staff, models, customers, installed base, sales lines."""

from __future__ import annotations

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, NA, NEVER, Flags, Floats, Objects, text_of
from orchestration.sample.commerce import CANCELLATION, KINDS, Purchases
from orchestration.sample.company import person_names
from orchestration.sample.places import Places
from orchestration.sample.randoms import chance
from orchestration.sample.rows import (
    Rows,
    changed,
    fill,
    join_rows,
    length,
    money,
    numbers,
    pick_rows_at,
    some,
    until,
    words_at,
)
from orchestration.sample.scene import SITE_CODES, Scene


def site_rows() -> Rows:
    """Table `site`."""
    columns = {
        "site_code": [site.code for site in words.SITES],
        "site_name": [site.name for site in words.SITES],
        "site_type": [site.kind for site in words.SITES],
        "area": [site.region for site in words.SITES],
        "city": [site.city for site in words.SITES],
        "country": ["中国"] * len(words.SITES),
        "hours_type": [{"standard": "STD", "extended": "EXT", "24x7": "7x24"}[site.hours] for site in words.SITES],
        "lat": [site.latitude for site in words.SITES],
        "lng": [site.longitude for site in words.SITES],
        "open_date": [site.opened for site in words.SITES],
        "close_date": [None] * len(words.SITES),
    }
    return {name: np.array(values, dtype=object) for name, values in columns.items()}


def staff_rows(scene: Scene) -> Rows:
    """Table `staff`: everybody hired before as-of."""
    staff, window = scene.company.staff, scene.window
    left = until(np.where(staff.left == NEVER, NA, staff.left), window.end)
    modified = np.where(left != NA, left, np.maximum(staff.hired, window.start) + 9 * HOUR)
    rows: Rows = {
        "staff_no": staff.number[:-1],
        "staff_name": staff.name,
        "post": staff.role,
        "site_code": SITE_CODES[staff.site],
        "cert_level": words_at(("初级", "中级", "高级"), staff.level),
        "cert_expiry": text_of(window.month_starts[-2] + (60 + 37 * np.arange(len(staff.site)) % 700) * DAY, "date"),
        "entry_date": text_of(staff.hired, "date"),
        "leave_date": text_of(left, "date"),
        "modified_at": text_of(modified),
    }
    return pick_rows_at(rows, staff.hired < window.end)


def product_rows(scene: Scene) -> Rows:
    """Table `product`: dates without separators, as the model catalogue keeps them."""
    products = scene.company.products
    launched = np.array([text.replace("-", "") for text in text_of(products.launched, "date")], dtype=object)
    return {
        "model_no": products.number[:-1],
        "model_name": products.name,
        "category": words_at(words.FAMILIES, products.family),
        "series": products.line,
        "launch_date": launched,
        "list_price": numbers(products.price),
        "modified_at": text_of(products.launched + 30 * DAY + 10 * HOUR),
    }


def customer_rows(scene: Scene, places: Places) -> Rows:
    """Table `customer`, with doubles, older versions and gaps."""
    rng = scene.stream("customer-rows")
    customers, window, dirt = scene.company.customers, scene.window, scene.dirt
    size = len(customers.site)
    phone = rng.integers(0, 10**8, size).tolist()
    email = np.array([f"user{index + 100001}@example.com" for index in range(size)], dtype=object)
    email[~chance(rng, 0.4, size)] = None
    known_for = np.maximum(window.end - customers.since, DAY)
    modified = customers.since + (known_for * rng.random(size) * 0.999).astype(np.int64)
    rows: Rows = {
        "cust_no": customers.number[:-1],
        "cust_name": _customer_names(rng, scene),
        "cust_type": words_at(("个人", "企业"), customers.is_business.astype(np.int64)),
        "mobile": np.array([f"1{30 + n % 69}{n:08d}" for n in phone], dtype=object),
        "email": email,
        "addr": _addresses(rng, scene),
        "area": words_at([site.region for site in words.SITES], customers.site),
        "city": customers.city,
        "lat": _degrees(places.latitude, places.is_known),
        "lng": _degrees(places.longitude, places.is_known),
        "vip_level": words_at(words.SEGMENTS, customers.segment),
        "lang": words_at(("zh-CN", "en"), customers.is_english.astype(np.int64)),
        "reg_time": text_of(np.minimum(customers.since + 9 * HOUR, window.end - 1)),
        "modified_at": text_of(np.minimum(modified, window.end - 1)),
    }
    rows = pick_rows_at(rows, customers.since < window.end)
    size = length(rows)
    dirt.plant("customers", "missing_place", int(sum(value is None for value in rows["lat"].tolist())))
    for column, rate in (("mobile", 0.02), ("addr", 0.03), ("area", 0.01), ("vip_level", 0.02)):
        gaps = some(rng, size, rate)
        rows[column][gaps] = None
        dirt.plant("customers", f"missing_{column}", len(gaps))
    doubles, older = some(rng, size, 0.002), some(rng, size, 0.004)
    dirt.supersede("customers", "duplicate", len(doubles))
    dirt.supersede("customers", "older_version", len(older))
    before = changed(pick_rows_at(rows, older), modified_at="2020-01-01 00:00:00", vip_level=words.SEGMENTS[0])
    bad = changed(pick_rows_at(rows, np.array([0, 1])), cust_no=None)
    dirt.reject("customers", "missing_key", 2)
    return join_rows([rows, pick_rows_at(rows, doubles), before, bad])


def _degrees(values: Floats, known: Flags) -> Objects:
    """Degrees as texts, None where not known."""
    texts = [f"{value:.5f}" if is_known else None for value, is_known in zip(values.tolist(), known, strict=True)]
    return np.array(texts, dtype=object)


def _customer_names(rng: np.random.Generator, scene: Scene) -> Objects:
    customers = scene.company.customers
    people = person_names(rng, len(customers.site))
    firm = rng.integers(0, len(words.COMPANIES), len(people)).tolist()
    kind = rng.integers(0, len(words.COMPANY_KINDS), len(people)).tolist()
    columns = (people, customers.is_business.tolist(), customers.city.tolist(), firm, kind)
    names = [
        f"{city}{words.COMPANIES[f]}{words.COMPANY_KINDS[k]}" if is_business else person
        for person, is_business, city, f, k in zip(*columns, strict=True)
    ]
    return np.array(names, dtype=object)


def _addresses(rng: np.random.Generator, scene: Scene) -> Objects:
    cities = scene.company.customers.city.tolist()
    street = rng.integers(0, len(words.STREETS), len(cities)).tolist()
    house = rng.integers(1, 400, len(cities)).tolist()
    texts = [f"{city}市{words.STREETS[s]}{h}号" for city, s, h in zip(cities, street, house, strict=True)]
    return np.array(texts, dtype=object)


def asset_rows(scene: Scene) -> Rows:
    """Table `installed_base`: units sold before as-of."""
    rng = scene.stream("asset-rows")
    company, window, assets, dirt = scene.company, scene.window, scene.company.assets, scene.dirt
    installed = until(assets.installed, window.end)
    rows: Rows = {
        "unit_no": assets.number[:-1],
        "sn": np.array([f"HS{index * 7_919 % 10_000_019:08d}" for index in range(len(assets.sold))], dtype=object),
        "cust_no": company.customers.number[assets.customer],
        "model_no": company.products.number[assets.product],
        "prod_batch": assets.batch,
        "sale_date": text_of(assets.sold, "date"),
        "install_date": text_of(installed, "date"),
        "warranty_end": text_of(assets.warranty_until, "date"),
        "modified_at": text_of(
            np.minimum(np.where(installed == NA, assets.sold, installed) + 8 * HOUR, window.end - 1)
        ),
    }
    rows = pick_rows_at(rows, assets.sold < window.end)
    gaps = some(rng, length(rows), 0.01)
    rows["warranty_end"][gaps] = None
    dirt.plant("assets", "missing_warranty_end", len(gaps))
    doubles = some(rng, length(rows), 0.001)
    dirt.supersede("assets", "duplicate", len(doubles))
    bad = changed(pick_rows_at(rows, np.array([3])), unit_no="U9999999", sale_date="0000-00-00")
    dirt.reject("assets", "bad_date", 1)
    return join_rows([rows, pick_rows_at(rows, doubles), bad])


def sales_rows(scene: Scene, purchases: Purchases) -> Rows:
    """Table `sales_line`: orders, contracts, renewals and what was given back."""
    rng = scene.stream("sales-rows")
    company, dirt = scene.company, scene.dirt
    size = len(purchases.at)
    cancels = purchases.kind == CANCELLATION
    own = np.array([f"XS{index + 1:08d}" for index in range(size)], dtype=object)
    customer = purchases.customer.copy()
    gaps = some(rng, size, 0.02)
    gaps = gaps[(purchases.kind[gaps] == 0)]
    customer[gaps] = -1
    dirt.plant("purchases", "missing_customer", len(gaps))
    rows: Rows = {
        "line_no": np.array([f"{number}-1" for number in own.tolist()], dtype=object),
        "order_no": np.where(cancels, own[np.maximum(purchases.cancels, 0)], own),
        "cust_no": company.customers.number[customer],
        "model_no": company.products.number[purchases.product],
        "biz_type": words_at(KINDS, purchases.kind),
        "qty": numbers(purchases.quantity),
        "price": money(purchases.price),
        "svc_start": text_of(purchases.starts, "date"),
        "svc_end": text_of(purchases.ends, "date"),
        "ship_country": fill("CN", size),
        "biz_time": text_of(purchases.at),
        "modified_at": text_of(purchases.at),
    }
    doubles = some(rng, size, 0.001)
    dirt.supersede("purchases", "duplicate", len(doubles))
    sample = pick_rows_at(rows, np.array([0, 1, 2]))
    bad = changed(sample, line_no=np.array(["XB1", "XB2", "XB3"], dtype=object))
    bad["qty"][0], bad["biz_type"][1], bad["biz_time"][2] = "两台", "赠品", "2025-02-30 10:00:00"
    dirt.reject("purchases", "quantity_not_a_number", 1)
    dirt.reject("purchases", "unknown_kind", 1)
    dirt.reject("purchases", "bad_date", 1)
    return join_rows([rows, pick_rows_at(rows, doubles), bad])
