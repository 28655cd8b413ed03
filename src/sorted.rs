//! Short lists in order. The standard library's sorts and ordered sets are made for long ones: each of their instances
//! costs some kilobytes of wasm, and the core had thirty.

use std::cmp::Ordering;

/// Orders a short list, keeping the order of equal items: insertion sort.
pub(crate) fn sort_short<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        let mut place = end;
        while let Some(before) = place.checked_sub(1) {
            let pair = items.get(before).zip(items.get(place));
            if pair.is_none_or(|(one, other)| order(one, other).is_le()) {
                break;
            }
            items.swap(before, place);
            place = before;
        }
    }
}

/// The items without repetition, in the order in which they came.
pub(crate) fn distinct<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lists_come_in_order_and_equal_keys_as_they_came() {
        let mut items = [(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (1, 'e')];
        sort_short(&mut items, |(one, _), (other, _)| one.cmp(other));
        assert_eq!(items, [(1, 'b'), (1, 'e'), (2, 'd'), (3, 'a'), (3, 'c')]);
        assert_eq!(distinct([2, 1, 2, 3, 1]), [2, 1, 3]);
    }
}
