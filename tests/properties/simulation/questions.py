"""What must never be found in the database, in SQL: every row that a question finds is a fault.

They ask the tables and not the program, whose own answers may be wrong in the same way. ``:day``
is the office's day.
"""

ENTITLED = "'paid', 'approved', 'issued', 'departed', 'arrived', 'closed'"
DECIDED = "'approved', 'issued', 'departed', 'arrived', 'closed'"
UNDER_WAY = (
    "'submitted', 'accepted', 'in-lab', 'inspected', 'billed', 'paid', 'approved'"  # not returned
)
GOING = "(SELECT count(*) FROM permit_animals l WHERE l.permit_id = p.id AND l.passed IS NOT 0)"
OFFICE_DAY = "date({0}, '+8 hours')"
ABOARD = "l.departed AND (l.arrival IS NULL OR l.arrival = 'received')"

QUOTA = {
    "no line of the quota holds more than its cap": """
        SELECT id FROM quota_accounts WHERE used < 0 OR used > held OR held > cap""",
    "an account is the sum of its entries, numbered without a gap": """
        SELECT a.id FROM quota_accounts a LEFT JOIN (
            SELECT account_id, sum(cap_change) c, sum(reserved_change + used_change) h,
                   sum(used_change) u, count(*) n, max(no) m
            FROM quota_entries GROUP BY account_id
        ) e ON e.account_id = a.id
        WHERE (a.cap, a.held, a.used, a.last_no, a.last_no)
           IS NOT (ifnull(c, 0), ifnull(h, 0), ifnull(u, 0), ifnull(n, 0), ifnull(m, 0))""",
    "an account holds what claims hold": """
        SELECT a.id FROM quota_accounts a LEFT JOIN (
            SELECT account_id, sum(heads * (state IN ('reserved', 'consumed'))) h,
                   sum(heads * (state = 'consumed')) u
            FROM quota_claims GROUP BY account_id
        ) c ON c.account_id = a.id
        WHERE (a.held, a.used) IS NOT (ifnull(c.h, 0), ifnull(c.u, 0))""",
    "a claim is for the animals that go, as long as the permit lives, and used when they left": f"""
        SELECT p.id, p.state, c.state, c.heads FROM permits p
        LEFT JOIN quota_claims c ON c.permit_id = p.id
        WHERE p.submitted_at IS NOT NULL AND NOT ifnull(CASE
            WHEN p.state IN ('submitted', 'returned')
            THEN c.state IN ('reserved', 'waiting') AND c.heads = {GOING}
            WHEN p.state IN ({UNDER_WAY}, 'issued') THEN c.state = 'reserved' AND c.heads = {GOING}
            WHEN p.state IN ('departed', 'arrived', 'closed')
            THEN c.state = 'consumed' AND c.heads = p.departed_heads
            ELSE c.state = 'released' END, 0)
          -- Granted on appeal, it asks anew only when it is sent again.
          AND NOT (p.state IN ('returned', 'cancelled', 'expired') AND p.heard_at IS NOT NULL
                   AND c.state = 'released')""",
    "a claim draws on the line of its journey and year": f"""
        SELECT p.id, a.year, p.planned_on FROM permits p
        JOIN quota_claims c ON c.permit_id = p.id JOIN quota_accounts a ON a.id = c.account_id
        WHERE p.state IN ({UNDER_WAY}, 'issued', 'departed', 'arrived', 'closed')
          AND (a.year, a.origin, a.species, a.purpose, a.scope) IS NOT (
            CAST(strftime('%Y', p.planned_on) AS INTEGER), substr(p.region, 1, 5), p.species,
            p.purpose, CASE substr(p.region, 1, 2) WHEN substr(p.destination, 1, 2)
                       THEN 'in-province' ELSE 'out-of-province' END)""",
}
ANIMALS = {
    "an animal is on one living permit": f"""
        SELECT l.animal_id FROM permit_animals l JOIN permits p ON p.id = l.permit_id
        WHERE l.passed IS NOT 0 AND (p.state IN ({UNDER_WAY})
           OR p.state = 'issued' AND p.valid_until >= :day)
        GROUP BY l.animal_id HAVING count(*) > 1""",
    "a line is open as long as its animal may go with an application under way": f"""
        SELECT p.id, p.state FROM permit_animals l JOIN permits p ON p.id = l.permit_id
        WHERE l.is_open <> (p.state IN ({UNDER_WAY}) AND l.passed IS NOT 0)""",
    "an animal is away when one permit took it there and nobody brought it back": f"""
        SELECT a.id, a.state, n FROM animals a LEFT JOIN (
            SELECT l.animal_id, count(*) n FROM permit_animals l WHERE {ABOARD}
            GROUP BY l.animal_id
        ) g ON g.animal_id = a.id
        WHERE n > 1 OR (a.state = 'shipped') <> (ifnull(n, 0) = 1)""",
    "an animal that arrived dead is dead": """
        SELECT a.id FROM permit_animals l JOIN animals a ON a.id = l.animal_id
        WHERE l.arrival = 'dead' AND a.state <> 'dead'""",
    "only what passed the inspection goes, and only what went arrives": """
        SELECT l.id FROM permit_animals l
        WHERE l.departed AND l.passed IS NOT 1 OR l.arrival IS NOT NULL AND l.departed IS NOT 1""",
    "no more heads left than animals that are known to have": """
        SELECT p.id FROM permits p WHERE p.departed_at IS NOT NULL
          AND p.departed_heads NOT BETWEEN 1 AND (
            SELECT count(*) FROM permit_animals l WHERE l.permit_id = p.id AND l.departed)""",
}
# Receipts that no void has taken back.
LIVE = """(SELECT r.* FROM receipts r WHERE r.kind = 'receipt'
          AND NOT EXISTS (SELECT 1 FROM receipts v WHERE v.voids_id = r.id))"""
MONEY = {
    "a bill is paid when it has its receipt, of exactly its sum": f"""
        SELECT s.id FROM skrd s LEFT JOIN {LIVE} r ON r.skrd_id = s.id
        GROUP BY s.id HAVING (s.state = 'paid') <> (count(r.id) = 1) OR sum(r.amount) <> s.total""",
    "a receipt is money that came for its bill": """
        SELECT r.id FROM receipts r LEFT JOIN allocations a ON a.receipt_id = r.id
        LEFT JOIN collections c ON c.id = a.collection_id WHERE r.kind = 'receipt' GROUP BY r.id
        HAVING sum(a.amount) IS NOT r.amount OR sum(c.amount) IS NOT r.amount
            OR max(c.bill_id) IS NOT r.skrd_id""",
    "the books owe what bills say": """
        SELECT s.id FROM skrd s WHERE iif(s.state = 'open', s.total, 0) <> (
            SELECT ifnull(sum(p.amount), 0) FROM postings p
            WHERE p.account = 'receivable' AND p.about = s.id)""",
    "every journal adds up": """
        SELECT journal_id FROM postings GROUP BY journal_id HAVING sum(amount) <> 0""",
    "what is receipted is what paid bills say": f"""
        SELECT 1 WHERE (SELECT ifnull(sum(amount), 0) FROM {LIVE})
                    <> (SELECT ifnull(sum(total), 0) FROM skrd WHERE state = 'paid')""",
    "receipts are numbered without a gap": """
        SELECT series, year FROM receipts GROUP BY series, year
        HAVING count(*) <> max(no) OR min(no) <> 1 OR count(DISTINCT no) <> count(*)""",
    "a bill is its lines, each at the tariff": """
        SELECT s.id FROM skrd s JOIN skrd_lines l ON l.skrd_id = s.id
        JOIN tariffs t ON t.id = l.tariff_id
        GROUP BY s.id HAVING s.total <> sum(l.amount) OR min(l.heads) <> max(l.heads)
           OR sum(l.unit_amount <> t.amount) > 0""",
    "a permit goes on with one paid bill for exactly its animals": f"""
        SELECT p.id, p.state FROM permits p WHERE p.state IN ({ENTITLED}) AND 1 <> (
            SELECT count(*) FROM skrd s WHERE s.permit_id = p.id AND s.state = 'paid'
               AND (SELECT max(heads) FROM skrd_lines l WHERE l.skrd_id = s.id) >= {GOING}
               AND (p.heard_at IS NOT NULL OR
                    (SELECT max(heads) FROM skrd_lines l WHERE l.skrd_id = s.id) = {GOING}))""",
    "an open bill is for the animals that passed": f"""
        SELECT p.id FROM permits p JOIN skrd s ON s.permit_id = p.id
        JOIN skrd_lines l ON l.skrd_id = s.id WHERE p.state = 'billed' AND l.heads <> {GOING}""",
}
PEOPLE = {
    "inspector, certifier, biller, cashier, signer and applicant are six people": """
        SELECT p.id FROM permits p WHERE p.inspected_by IN (p.applied_by, p.certified_by,
               p.billed_by, p.decided_by)
          OR p.certified_by IN (p.applied_by, p.billed_by, p.decided_by)
          OR p.decided_by IN (p.applied_by, p.billed_by, p.heard_by) OR p.billed_by = p.applied_by
          OR p.heard_by = p.applied_by""",
    "the cashier took no other part": """
        SELECT p.id FROM permits p JOIN skrd s ON s.permit_id = p.id
        JOIN receipts r ON r.skrd_id = s.id
        WHERE r.issued_by IN (p.applied_by, p.inspected_by, p.certified_by, p.billed_by,
              p.decided_by) AND p.billed_by IS NOT NULL""",
    "whoever signs for another may do so that day": f"""
        SELECT s.id FROM signing_proofs s JOIN delegations d ON d.id = s.delegation_id
        WHERE {OFFICE_DAY.format("s.proven_at")} NOT BETWEEN d.valid_from AND d.valid_until
           OR d.ended_at < s.proven_at OR d.taker_id <> s.user_id""",
    "nobody signs for somebody who took part": """
        SELECT p.id FROM permits p JOIN signing_proofs s ON s.user_id = p.decided_by
        JOIN delegations d ON d.id = s.delegation_id
        WHERE p.decided_at = s.proven_at AND p.decided_for <> ''
          AND d.giver_id IN (p.applied_by, p.inspected_by, p.certified_by, p.billed_by)""",
}
PAPERS = {
    "what was decided was inspected, certified and signed": f"""
        SELECT p.id FROM permits p WHERE p.state IN ({DECIDED}) AND (p.inspected_by IS NULL
           OR p.certified_by IS NULL OR p.decided_by IS NULL OR p.decided_mandate = '')""",
    "nobody leaves without a number, before the letter or after its last day": f"""
        SELECT p.id FROM permits p WHERE p.departed_at IS NOT NULL AND (p.number IS NULL
           OR p.departed_at < p.issued_at
           OR {OFFICE_DAY.format("p.departed_at")} > p.valid_until)""",
    "one departure": """
        SELECT subject_id FROM events WHERE name = 'permit.depart'
        GROUP BY subject_id HAVING count(*) > 1""",
    "a letter is in force with the animals that it names": f"""
        SELECT p.id FROM permits p WHERE p.state IN ({UNDER_WAY}, 'issued') AND {GOING} = 0""",
}
QUESTIONS = {**QUOTA, **ANIMALS, **MONEY, **PEOPLE, **PAPERS}
# What was written is never written otherwise. The columns that may still change are not asked.
KEPT = {
    "receipts": "SELECT id, * FROM receipts",
    "money": "SELECT id, adapter, money_id, ref, amount, happened_at, seen_at, bill_id"
    " FROM collections",
    "bills": "SELECT hex(s.id) || hex(ifnull(l.id, '')), s.number, s.permit_id, s.total,"
    " s.issued_by, s.issued_on, l.heads, l.unit_amount, l.amount"
    " FROM skrd s LEFT JOIN skrd_lines l ON l.skrd_id = s.id",
    "paid bills": "SELECT id, state FROM skrd WHERE state <> 'open'",
    "permits that are over": "SELECT id, * FROM permits WHERE state IN"
    " ('closed', 'cancelled', 'expired', 'revoked')",
    "animals of closed permits": "SELECT l.id, l.* FROM permit_animals l"
    " JOIN permits p ON p.id = l.permit_id WHERE p.state = 'closed'",
    "departures": "SELECT id, departed_at, departed_by, departed_port, departed_heads, number,"
    " valid_until, version FROM permits WHERE departed_at IS NOT NULL",
    "health letters": "SELECT p.skkh_number || hex(l.animal_id), p.skkh_number, l.passed,"
    " l.weight_kg FROM permits p JOIN permit_animals l ON l.permit_id = p.id"
    " WHERE p.skkh_number IS NOT NULL AND p.state NOT IN ('returned', 'submitted')",
}
