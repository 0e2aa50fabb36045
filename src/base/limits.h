// SPDX-License-Identifier: Apache-2.0
// Every maximum of the program, one line and one reason each.
#pragma once

#define KIB 1024u
#define MIB (1024u * 1024u)

// JSON (docs/design: hostile input costs bounded time and memory)
#define JSON_DEPTH_MAX \
    64u // nesting; STIX needs about 10, the splitter and reader recurse in a table
#define JSON_NODES_MAX        1000000u  // values in one document given to the reader
#define JSON_STRING_BYTES_MAX (8 * MIB) // one string; an artifact's payload is the largest
#define JSON_NUMBER_BYTES_MAX 128u      // text of one number; 2^64 has 20 digits
#define JSON_KEYS_MAX         4096u // members of one object; the largest real one has below 300
#define JSON_ENVELOPE_BYTES_MAX \
    (1 * MIB) // a bundle without its objects; tens of bytes are usual

// STIX
#define STIX_OBJECT_BYTES_MAX  (8 * MIB)  // one object
#define STIX_PATTERN_BYTES_MAX (64 * KIB) // one indicator pattern
#define STIX_PATTERN_DEPTH_MAX 64u        // parentheses and brackets of a pattern
#define STIX_REFS_MAX          100000u // references of one object; ATT&CK's largest has 1,700
#define STIX_VALUES_MAX        4096u   // indexed values of one object
#define STIX_TYPE_BYTES_MAX    250u    // STIX 2.1 section 3.1

// Ledger (trust.md of the reference: C2SP formats)
#define LEDGER_ENTRY_BYTES_MAX 65535u      // the u16 prefix of a C2SP entry bundle
#define LEDGER_COMMITMENTS_MAX 256u        // objects under one release entry
#define NOTE_BYTES_MAX         (512 * KIB) // a signed note with ML-DSA lines stays below
#define NOTE_SIGNATURES_MAX    64u         // signature lines read of one note
#define PROOF_HASHES_MAX       63u         // C2SP tlog-witness: at most 63 consistency hashes

// Link
#define BATCH_BYTES_MAX (64 * MIB) // one batch, as file or body
#define BATCH_BYTES_TARGET \
    (1 * MIB)                     // where composing stops; urgent yields at each batch boundary
#define BATCH_ENTRIES_TARGET 512u // the same, in entries
#define BATCH_ENTRIES_MAX \
    4096u // read of one batch; every one is parsed and stored in one transaction
#define PARTNER_REQUESTS_MAX 4u         // of one partner at once: 64 MiB each
#define AGREEMENT_BYTES_MAX  (64 * KIB) // the signed file of a link

// HTTP
#define HTTP_HEADERS_MAX                 64u        // header lines of one request
#define HTTP_BODY_BYTES_MAX              (1 * MIB)  // routes that keep the body in memory
#define HTTP_CONNECTIONS_MAX             512u       // at once
#define HTTP_CONNECTIONS_PER_ADDRESS_MAX 128u       // so that one peer cannot take them all
#define HTTP_CONNECTION_BYTES_MAX        (32 * KIB) // request line and headers of one request
#define HTTP_DISCARD_BYTES_MAX           (1 * MIB) // body swallowed so that a refusal can be read
#define EVENT_STREAMS_MAX                64u       // server-sent events, open at once
#define EVENT_STREAMS_OF_ONE_MAX         8u        // of one caller
#define IMPORT_BYTES_MAX                 (16ull * 1024 * MIB) // one import, spooled to disk

// Memory
#define REQUEST_ARENA_BYTES_MAX (256 * MIB)     // one request or job
#define TEXT_ARENA_BYTES_MAX    (1024ull * MIB) // folding the texts of one object, 8 MiB of it
#define CONVERSION_BYTES_MAX    (512 * MIB)     // what a conversion keeps of its document
#define CLI_ARENA_BYTES_MAX \
    (3ull * 1024 * MIB)              // one subcommand: evidence is verified in memory
#define LOOKUP_VALUES_MAX 100000u    // values of one lookup
#define LOOKUP_BYTES_MAX  (16 * MIB) // and their text

// Warning lists: all of MISP's are 134, with 444,188 entries in 13 MB
#define WARNING_LIST_BYTES_MAX (16 * MIB)      // one list
#define WARNING_LISTS_MAX      1000u           // all that are held
#define WARNING_ENTRIES_MAX    2000000u        // of all of them
#define WARNING_BYTES_MAX      (64ull * MIB)   // their documents
#define WARNING_SET_BYTES_MAX  (1024ull * MIB) // compiled; ten times less is usual
