//! Whose evidence it is: the tenants that a file names, held against those of a customer.
//!
//! An id decides where both have one; else domains do, and names only where there is nothing else. A file that names no tenant is
//! nobody's in particular, which is no mismatch.

use crate::domain::customer::{Customer, CustomerChange, Tenant};
use crate::domain::evidence::{Evidence, TenantSeen};

/// Whose evidence it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The file names no tenant.
    Unnamed,
    /// A tenant of the customer, by its id there.
    Known {
        /// The place in the file's list.
        seen: usize,
        /// The customer's id for it.
        tenant: String,
    },
    /// A tenant that the customer does not have.
    Stranger {
        /// The place in the file's list.
        seen: usize,
    },
    /// The file names several, and nobody said which is meant.
    Several(Vec<usize>),
    /// The file names none of the wanted name.
    NotThere,
}

/// Returns whose the evidence is; `wanted` names one of several by id, domain or name.
#[must_use]
pub fn whose(evidence: &Evidence, customer: &Customer, wanted: Option<&str>) -> Whose {
    let tenants = evidence.tenants.iter().enumerate();
    let named: Vec<usize> = tenants
        .filter(|(_, tenant)| !tenant.is_nameless())
        .map(|(place, _)| place)
        .collect();
    let seen = match (wanted, named.as_slice()) {
        (_, []) => return Whose::Unnamed,
        (Some(wanted), named) => {
            let is_wanted = |place: &&usize| is_called(&evidence.tenants[**place], wanted);
            match named.iter().find(is_wanted) {
                Some(place) => *place,
                None => return Whose::NotThere,
            }
        }
        (None, [one]) => *one,
        (None, several) => return Whose::Several(several.to_vec()),
    };
    let tenant = &evidence.tenants[seen];
    let mut known = customer.tenants.iter();
    match known.find(|(id, known)| is_same(tenant, id, known)) {
        Some((id, _)) => Whose::Known {
            seen,
            tenant: id.clone(),
        },
        None => Whose::Stranger { seen },
    }
}

/// Returns the evidence with what is said of one of its tenants, and of none in particular.
#[must_use]
pub fn only(mut evidence: Evidence, seen: usize) -> Evidence {
    let is_of = |tenant: &Option<usize>| tenant.is_none_or(|tenant| tenant == seen);
    evidence
        .observations
        .retain(|observation| is_of(&observation.tenant));
    evidence.measures.retain(|measure| is_of(&measure.tenant));
    evidence
        .unplaced
        .retain(|unplaced| is_of(&unplaced.observation.tenant));
    let observations = evidence.observations.iter_mut().map(|one| &mut one.tenant);
    let measures = evidence.measures.iter_mut().map(|one| &mut one.tenant);
    let unplaced = evidence.unplaced.iter_mut();
    let unplaced = unplaced.map(|one| &mut one.observation.tenant);
    for tenant in observations.chain(measures).chain(unplaced) {
        *tenant = tenant.map(|_| 0);
    }
    evidence.tenants = vec![evidence.tenants.swap_remove(seen)];
    evidence
}

/// Returns the change that gives a customer the tenant, with the id that it has from then on; nothing where the file gives neither an
/// id nor a domain that can be one: a name alone may be shared by many.
#[must_use]
pub fn adding(tenant: &TenantSeen) -> Option<(String, CustomerChange)> {
    let mut ids = tenant.id.iter().chain(&tenant.domains);
    let id = ids.find(|id| can_be_id(id))?.clone();
    let mut domains = tenant.domains.iter();
    let fits = |name: &&String| name.chars().count() <= 200 && !name.contains(char::is_control);
    let change = CustomerChange::Tenant {
        id: id.clone(),
        tenant: Tenant {
            name: tenant.name.as_ref().filter(fits).cloned(),
            domain: domains.find(|domain| can_be_id(domain)).cloned(),
        },
    };
    Some((id, change))
}

/// Returns whether a text is made as ids and domains are: letters, digits, hyphens, and single dots between them.
fn can_be_id(text: &str) -> bool {
    let plain = |part: &str| {
        let mut letters = part.chars();
        !part.is_empty() && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    text.len() <= 253 && text.split('.').all(plain)
}

/// Returns a tenant in words: its name, domain and id, as the file gives them.
#[must_use]
pub fn words(tenant: &TenantSeen) -> String {
    let parts = [&tenant.name, &tenant.domains.first().cloned(), &tenant.id];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(", ")
}

fn is_called(tenant: &TenantSeen, wanted: &str) -> bool {
    let names = tenant.id.iter().chain(&tenant.name).chain(&tenant.domains);
    let wanted = wanted.trim().to_lowercase();
    names.into_iter().any(|name| name.to_lowercase() == wanted)
}

fn is_same(seen: &TenantSeen, id: &str, known: &Tenant) -> bool {
    let id = id.to_lowercase();
    if let Some(seen) = &seen.id {
        if seen.to_lowercase() == id {
            return true;
        }
        if uuid::Uuid::try_parse(&id).is_ok() {
            return false;
        }
    }
    let domain = known.domain.as_ref().map(|domain| domain.to_lowercase());
    let mut domains = seen.domains.iter().map(|domain| domain.to_lowercase());
    if domains.any(|seen| seen == id || Some(&seen) == domain.as_ref()) {
        return true;
    }
    let is_name_all = seen.id.is_none() && seen.domains.is_empty();
    let name = |name: &Option<String>| name.as_ref().map(|name| name.to_lowercase());
    is_name_all && name(&seen.name).is_some() && name(&seen.name) == name(&known.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::{Judged, Observation, Tool};

    const ONE: &str = "11111111-1111-4111-8111-111111111111";
    const TWO: &str = "22222222-2222-4222-8222-222222222222";

    fn customer(id: &str, domain: Option<&str>) -> Customer {
        let mut customer = Customer::new("contoso".parse().unwrap());
        customer.apply(&CustomerChange::Tenant {
            id: id.into(),
            tenant: Tenant {
                name: Some("Contoso".into()),
                domain: domain.map(Into::into),
            },
        });
        customer
    }

    fn seen(id: Option<&str>, name: Option<&str>, domains: &[&str]) -> TenantSeen {
        TenantSeen {
            id: id.map(Into::into),
            name: name.map(Into::into),
            domains: domains.iter().map(|&domain| domain.into()).collect(),
        }
    }

    fn of(tenants: Vec<TenantSeen>) -> Evidence {
        let mut evidence = Evidence::new(Tool::Maester, "test");
        evidence.tenants = tenants;
        evidence
    }

    #[test]
    fn an_id_decides_where_both_have_one() {
        let ours = customer(ONE, Some("contoso.com"));
        let of_one = |tenant| whose(&of(vec![tenant]), &ours, None);
        let known = Whose::Known {
            seen: 0,
            tenant: ONE.into(),
        };
        assert_eq!(of_one(seen(Some(ONE), Some("Other"), &[])), known);
        let stranger = Whose::Stranger { seen: 0 };
        assert_eq!(
            of_one(seen(Some(TWO), Some("Contoso"), &["contoso.com"])),
            stranger
        );
        assert_eq!(of_one(seen(None, Some("X"), &["CONTOSO.com"])), known);
        assert_eq!(of_one(seen(None, Some("contoso"), &[])), known);
        assert_eq!(
            of_one(seen(None, Some("contoso"), &["fabrikam.com"])),
            stranger
        );
    }

    #[test]
    fn not_connected_is_no_tenant_and_several_are_asked_for() {
        let ours = customer(ONE, None);
        assert_eq!(whose(&of(vec![]), &ours, None), Whose::Unnamed);
        assert_eq!(
            whose(&of(vec![seen(None, None, &[])]), &ours, None),
            Whose::Unnamed
        );
        let both = of(vec![
            seen(Some(ONE), None, &[]),
            seen(Some(TWO), Some("T"), &[]),
        ]);
        assert_eq!(whose(&both, &ours, None), Whose::Several(vec![0, 1]));
        assert_eq!(whose(&both, &ours, Some("t")), Whose::Stranger { seen: 1 });
        assert_eq!(whose(&both, &ours, Some("nobody")), Whose::NotThere);
    }

    #[test]
    fn a_path_or_a_name_alone_is_no_tenant_to_add() {
        for (id, name) in [(Some("../../etc/passwd"), None), (None, Some("Contoso"))] {
            assert_eq!(adding(&seen(id, name, &["a b"])), None);
        }
        let (id, _) = adding(&seen(Some("../.."), Some("Contoso"), &["contoso.com"])).unwrap();
        assert_eq!(id, "contoso.com");
    }

    #[test]
    fn of_several_tenants_one_alone_is_kept() {
        let mut both = of(vec![seen(Some(ONE), None, &[]), seen(Some(TWO), None, &[])]);
        for tenant in [None, Some(0), Some(1)] {
            let mut observation = Observation::new("A", "Passed", Judged::Met);
            observation.tenant = tenant;
            both.observations.push(observation);
        }
        let second = only(both, 1);
        assert_eq!(second.tenants[0].id.as_deref(), Some(TWO));
        let tenants: Vec<_> = second.observations.iter().map(|one| one.tenant).collect();
        assert_eq!(tenants, [None, Some(0)]);
    }
}
