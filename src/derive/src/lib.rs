//! Derives `Decode`: how a wire type is read from a JSON tree.
//!
//! It understands the serde attributes that the wire types carry, so that writing, reading and the published schema come
//! from one declaration: `rename_all`, `rename_all_fields`, `rename`, `tag`, `transparent`, `skip`, `default`, `default = "path"`.
//! Unknown names are always refused. Against serde's own derive it makes about a tenth of the code in wasm, because a
//! type becomes a table of names and a row of calls that all types share.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, FieldsNamed, LitStr, Result, Variant,
    parse_macro_input,
};

/// See the crate.
#[proc_macro_derive(Decode, attributes(serde))]
pub fn decode(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// The serde attributes of a type, variant or field, as far as reading needs them.
#[derive(Default)]
struct Attributes {
    rename: Option<String>,
    rename_all: Option<String>,
    rename_all_fields: Option<String>,
    tag: Option<String>,
    transparent: bool,
    skip: bool,
    default: Option<Option<syn::Path>>,
}

impl Attributes {
    fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("serde"))
        {
            attribute.parse_nested_meta(|meta| found.read(&meta))?;
        }
        Ok(found)
    }

    fn read(&mut self, meta: &syn::meta::ParseNestedMeta<'_>) -> Result<()> {
        let name = meta.path.require_ident()?.to_string();
        let text = || -> Result<String> { Ok(meta.value()?.parse::<LitStr>()?.value()) };
        match name.as_str() {
            "rename" => self.rename = Some(text()?),
            "rename_all" => self.rename_all = Some(text()?),
            "rename_all_fields" => self.rename_all_fields = Some(text()?),
            "tag" => self.tag = Some(text()?),
            "transparent" => self.transparent = true,
            "skip" => self.skip = true,
            "default" if meta.input.peek(syn::Token![=]) => {
                self.default = Some(Some(meta.value()?.parse::<LitStr>()?.parse()?));
            }
            "default" => self.default = Some(None),
            "deny_unknown_fields" => {}
            "skip_serializing_if" => drop(text()?),
            other => return Err(meta.error(format!("`{other}` is not understood here"))),
        }
        Ok(())
    }
}

fn expand(input: &DeriveInput) -> Result<Tokens> {
    let attributes = Attributes::of(&input.attrs)?;
    let body = match &input.data {
        Data::Struct(data) => structure(&data.fields, &attributes)?,
        Data::Enum(data) => enumeration(&data.variants.iter().collect::<Vec<_>>(), &attributes)?,
        Data::Union(_) => return Err(Error::new(input.span(), "a union has no wire form")),
    };
    let name = &input.ident;
    let generics = input.generics.split_for_impl();
    let (implemented, of, bounds) = generics;
    Ok(quote! {
        impl #implemented crate::wire::Decode for #name #of #bounds {
            fn decode(node: crate::wire::Node) -> Result<Self, crate::wire::Fault> {
                #body
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name #of #bounds {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                crate::wire::deserialize(from)
            }
        }
    })
}

fn structure(fields: &Fields, attributes: &Attributes) -> Result<Tokens> {
    match fields {
        Fields::Named(fields) => {
            let (names, values) = named(fields, attributes.rename_all.as_deref())?;
            Ok(quote! {
                let mut fields = crate::wire::Fields::of(node, &[#(#names),*])?;
                Ok(Self { #(#values),* })
            })
        }
        Fields::Unnamed(_) if attributes.transparent => {
            Ok(quote! { crate::wire::Decode::decode(node).map(Self) })
        }
        other => Err(Error::new(
            other.span(),
            "only structs of named fields, or transparent ones, have a wire form",
        )),
    }
}

/// The wire names of fields, and for each what reads it.
fn named(fields: &FieldsNamed, rename_all: Option<&str>) -> Result<(Vec<String>, Vec<Tokens>)> {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for field in &fields.named {
        let attributes = Attributes::of(&field.attrs)?;
        let ident = field
            .ident
            .as_ref()
            .ok_or_else(|| Error::new(field.span(), "a field without a name"))?;
        if attributes.skip {
            values.push(quote! { #ident: ::core::default::Default::default() });
            continue;
        }
        let position = names.len();
        names.push(
            attributes
                .rename
                .unwrap_or_else(|| wire_name(&ident.to_string(), rename_all)),
        );
        values.push(match attributes.default {
            None => quote! { #ident: fields.take(#position)? },
            Some(None) => {
                quote! { #ident: fields.take_or(#position, ::core::default::Default::default)? }
            }
            Some(Some(path)) => quote! { #ident: fields.take_or(#position, #path)? },
        });
    }
    Ok((names, values))
}

fn enumeration(variants: &[&Variant], attributes: &Attributes) -> Result<Tokens> {
    let rename_all = attributes.rename_all.as_deref();
    let names = variants
        .iter()
        .map(|variant| variant_name(variant, rename_all))
        .collect::<Result<Vec<_>>>()?;
    let units = variants
        .iter()
        .all(|variant| matches!(variant.fields, Fields::Unit));
    let arms = variants
        .iter()
        .map(|variant| variant_value(variant, attributes))
        .collect::<Result<Vec<_>>>()?;
    let positions = 0..arms.len().saturating_sub(1);
    let (last, before) = arms
        .split_last()
        .ok_or_else(|| Error::new(proc_macro2::Span::call_site(), "an enum without variants"))?;
    let matching = quote! { match position { #(#positions => #before,)* _ => #last } };
    Ok(match &attributes.tag {
        _ if units => quote! {
            let position = crate::wire::unit(node, &[#(#names),*])?;
            #matching
        },
        Some(tag) => quote! {
            let (position, node) = crate::wire::tagged(node, #tag, &[#(#names),*])?;
            #matching
        },
        None => quote! {
            let (position, key, node) = crate::wire::only(node, &[#(#names),*])?;
            let value: Result<Self, crate::wire::Fault> = #matching;
            value.map_err(|fault| fault.under(key))
        },
    })
}

fn variant_name(variant: &Variant, rename_all: Option<&str>) -> Result<String> {
    let attributes = Attributes::of(&variant.attrs)?;
    Ok(attributes
        .rename
        .unwrap_or_else(|| wire_name(&uncapitalized(&variant.ident.to_string()), rename_all)))
}

fn variant_value(variant: &Variant, attributes: &Attributes) -> Result<Tokens> {
    let ident = &variant.ident;
    match &variant.fields {
        Fields::Unit => Ok(quote! { Ok(Self::#ident) }),
        Fields::Unnamed(_) => Ok(quote! { crate::wire::Decode::decode(node).map(Self::#ident) }),
        Fields::Named(fields) => {
            let (names, values) = named(fields, attributes.rename_all_fields.as_deref())?;
            let fields = format_ident!("fields");
            let binding = if values.is_empty() {
                quote! { let _ = }
            } else {
                quote! { let mut #fields = }
            };
            Ok(quote! {{
                #binding crate::wire::Fields::of(node, &[#(#names),*])?;
                Ok(Self::#ident { #(#values),* })
            }})
        }
    }
}

fn uncapitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A Rust name on the wire: `lead_time` becomes `leadTime` under `camelCase`, and stays as it is without a rule.
fn wire_name(name: &str, rename_all: Option<&str>) -> String {
    if rename_all != Some("camelCase") {
        return name.to_owned();
    }
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |sum, word| {
        let mut letters = word.chars();
        sum + &letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    })
}
