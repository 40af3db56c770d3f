//! An order in which everything comes after what it depends on, or the shortest cycle that forbids one.
//!
//! Knows numbers only; what depends on what, and how a cycle is shown, is the caller's business.

use std::collections::VecDeque;

/// Orders the numbers `0..dependencies.len()` so that each comes after those it depends on, and otherwise
/// as early as its number. Dependencies that are no such number are passed over.
///
/// # Errors
///
/// The shortest cycle: each number depends on the one that follows it, the last on the first, which is the
/// smallest of them.
pub fn order(dependencies: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let count = dependencies.len();
    let mut state = vec![State::New; count];
    let mut ordered = Vec::with_capacity(count);
    let mut path: Vec<(usize, usize)> = Vec::new();
    for start in 0..count {
        path.push((start, 0));
        while let Some((node, next)) = path.pop() {
            if state[node] == State::Done {
                continue;
            }
            state[node] = State::Begun;
            let Some(&dependency) = dependencies[node].get(next) else {
                state[node] = State::Done;
                ordered.push(node);
                continue;
            };
            path.push((node, next + 1));
            match state.get(dependency) {
                Some(State::New) => path.push((dependency, 0)),
                Some(State::Begun) => return Err(shortest_cycle(dependencies)),
                Some(State::Done) | None => {}
            }
        }
    }
    Ok(ordered)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Begun,
    Done,
}

/// Returns the shortest cycle of a graph that has one.
///
/// Looks for the shortest cycle through each node in turn and then removes it, with all that can then no
/// longer lie on a cycle: so a long ring is walked once, not once for each of its nodes.
fn shortest_cycle(dependencies: &[Vec<usize>]) -> Vec<usize> {
    let mut search = Search::new(dependencies);
    search.prune((0..dependencies.len()).collect());
    let mut shortest: Vec<usize> = Vec::new();
    for start in 0..dependencies.len() {
        if !search.alive[start] {
            continue;
        }
        let limit = if shortest.is_empty() {
            usize::MAX
        } else {
            shortest.len()
        };
        if let Some(cycle) = search.cycle_through(start, limit) {
            shortest = cycle;
        }
        search.remove(start);
    }
    shortest
}

struct Search<'a> {
    dependencies: &'a [Vec<usize>],
    dependents: Vec<Vec<usize>>,
    /// What may still lie on a cycle: it depends on something alive, and something alive on it.
    alive: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(dependencies: &'a [Vec<usize>]) -> Self {
        let mut dependents = vec![Vec::new(); dependencies.len()];
        for (node, needed) in dependencies.iter().enumerate() {
            for &dependency in needed.iter().filter(|d| **d < dependencies.len()) {
                dependents[dependency].push(node);
            }
        }
        Self {
            dependencies,
            dependents,
            alive: vec![true; dependencies.len()],
        }
    }

    fn remove(&mut self, node: usize) {
        self.alive[node] = false;
        let neighbours = self.neighbours(node);
        self.prune(neighbours);
    }

    fn neighbours(&self, node: usize) -> Vec<usize> {
        let both = self.dependencies[node].iter().chain(&self.dependents[node]);
        both.copied().filter(|n| self.is_alive(*n)).collect()
    }

    /// Removes those of `suspects`, and what follows from it, that lie on no cycle.
    fn prune(&mut self, mut suspects: Vec<usize>) {
        while let Some(node) = suspects.pop() {
            let needs = self.dependencies[node].iter().any(|n| self.is_alive(*n));
            let needed = self.dependents[node].iter().any(|n| self.is_alive(*n));
            if self.alive[node] && !(needs && needed) {
                self.alive[node] = false;
                suspects.extend(self.neighbours(node));
            }
        }
    }

    fn is_alive(&self, node: usize) -> bool {
        self.alive.get(node) == Some(&true)
    }

    /// Returns the shortest cycle through `start` that is shorter than `limit`, by breadth-first search.
    fn cycle_through(&self, start: usize, limit: usize) -> Option<Vec<usize>> {
        let mut reached_from: Vec<Option<usize>> = vec![None; self.dependencies.len()];
        let mut queue = VecDeque::from([(start, 1)]);
        while let Some((node, length)) = queue.pop_front() {
            if length >= limit {
                return None;
            }
            for &next in self.dependencies[node]
                .iter()
                .filter(|n| self.is_alive(**n))
            {
                if next == start {
                    return Some(walk_back(&reached_from, start, node));
                }
                if reached_from[next].is_none() {
                    reached_from[next] = Some(node);
                    queue.push_back((next, length + 1));
                }
            }
        }
        None
    }
}

fn walk_back(reached_from: &[Option<usize>], start: usize, end: usize) -> Vec<usize> {
    let mut cycle = vec![end];
    let mut node = end;
    while node != start {
        let Some(before) = reached_from[node] else {
            break;
        };
        node = before;
        cycle.push(node);
    }
    cycle.reverse();
    cycle
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{Strategy, prop, proptest};

    #[test]
    fn what_depends_on_nothing_keeps_its_place() {
        assert_eq!(order(&[vec![], vec![], vec![]]), Ok(vec![0, 1, 2]));
    }

    #[test]
    fn what_is_needed_comes_first() {
        assert_eq!(order(&[vec![2], vec![], vec![1]]), Ok(vec![1, 2, 0]));
    }

    #[test]
    fn a_long_chain_in_reverse_is_ordered() {
        let last = 9_999;
        let chain: Vec<_> = (0..last).map(|n| vec![n + 1]).chain([vec![]]).collect();
        assert_eq!(order(&chain), Ok((0..=last).rev().collect()));
    }

    #[test]
    fn what_depends_on_itself_is_a_cycle_of_one() {
        assert_eq!(order(&[vec![], vec![1]]), Err(vec![1]));
    }

    #[test]
    fn two_that_depend_on_each_other_are_a_cycle() {
        assert_eq!(order(&[vec![1], vec![2], vec![1]]), Err(vec![1, 2]));
    }

    #[test]
    fn of_several_cycles_the_shortest_is_told() {
        let ring_with_shortcut = [vec![1], vec![2], vec![3], vec![4, 1], vec![0]];
        assert_eq!(order(&ring_with_shortcut), Err(vec![1, 2, 3]));
        let two_rings = [vec![1], vec![2], vec![0], vec![4], vec![3]];
        assert_eq!(order(&two_rings), Err(vec![3, 4]));
    }

    #[test]
    fn a_ring_of_ten_thousand_is_found() {
        let count = 10_000;
        let ring: Vec<_> = (0..count).map(|n| vec![(n + 1) % count]).collect();
        assert_eq!(order(&ring), Err((0..count).collect()));
    }

    #[test]
    fn numbers_of_nothing_are_passed_over() {
        assert_eq!(order(&[vec![7], vec![0, usize::MAX]]), Ok(vec![0, 1]));
    }

    fn graph() -> impl Strategy<Value = Vec<Vec<usize>>> {
        prop::collection::vec(prop::collection::vec(0_usize..12, 0..3), 0..12)
    }

    proptest! {
        #[test]
        fn an_order_respects_every_dependency_and_a_cycle_is_one(graph in graph()) {
            match order(&graph) {
                Ok(ordered) => {
                    assert_eq!(ordered.len(), graph.len());
                    let place = |node| ordered.iter().position(|n| *n == node);
                    for (node, needed) in graph.iter().enumerate() {
                        for &dependency in needed.iter().filter(|n| **n < graph.len()) {
                            assert!(place(dependency) < place(node));
                        }
                    }
                }
                Err(cycle) => {
                    for (at, node) in cycle.iter().enumerate() {
                        assert!(graph[*node].contains(&cycle[(at + 1) % cycle.len()]));
                    }
                    assert_eq!(cycle.iter().min(), cycle.first());
                    assert_eq!(Some(cycle.len()), length_of_shortest_cycle(&graph));
                }
            }
        }
    }

    /// Counts by repeated stepping, which is slow and plain.
    fn length_of_shortest_cycle(graph: &[Vec<usize>]) -> Option<usize> {
        let step = |from: &[usize]| -> Vec<usize> {
            let mut next: Vec<_> = from.iter().flat_map(|n| graph[*n].clone()).collect();
            next.retain(|n| *n < graph.len());
            next.sort_unstable();
            next.dedup();
            next
        };
        (0..graph.len())
            .filter_map(|start| {
                let mut reached = vec![start];
                (1..=graph.len()).find(|_| {
                    reached = step(&reached);
                    reached.contains(&start)
                })
            })
            .min()
    }
}
