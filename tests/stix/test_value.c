// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "stix/value.h"
#include "test.h"

// An empty want means ERR_INVALID.
static const struct {
    const char *why;
    enum stix_class class;
    struct str text, want;
} cases[] = {
    {"plain", STIX_CLASS_IP, STR_INIT("198.51.100.3"), STR_INIT("ip:198.51.100.3")},
    {"a prefix that is the address", STIX_CLASS_IP, STR_INIT("198.51.100.3/32"),
        STR_INIT("ip:198.51.100.3")},
    {"the same asked as a network", STIX_CLASS_NET, STR_INIT("198.51.100.3/32"),
        STR_INIT("ip:198.51.100.3")},
    {"leading zero", STIX_CLASS_IP, STR_INIT("198.051.100.3"), STR_INIT("")},
    {"part above 255", STIX_CLASS_IP, STR_INIT("198.256.100.3"), STR_INIT("")},
    {"three parts", STIX_CLASS_IP, STR_INIT("198.51.100"), STR_INIT("")},
    {"five parts", STIX_CLASS_IP, STR_INIT("1.2.3.4.5"), STR_INIT("")},
    {"a network is no address", STIX_CLASS_IP, STR_INIT("198.51.100.0/24"), STR_INIT("")},
    {"long form", STIX_CLASS_IP, STR_INIT("2001:0DB8:0000:0000:0000:0000:0000:0001"),
        STR_INIT("ip:2001:db8::1")},
    {"RFC 5952: first of the longest runs", STIX_CLASS_IP, STR_INIT("2001:db8:0:0:1:0:0:1"),
        STR_INIT("ip:2001:db8::1:0:0:1")},
    {"RFC 5952: one group is not shortened", STIX_CLASS_IP, STR_INIT("2001:db8::1:1:1:1:1"),
        STR_INIT("ip:2001:db8:0:1:1:1:1:1")},
    {"all zero", STIX_CLASS_IP, STR_INIT("0:0:0:0:0:0:0:0"), STR_INIT("ip:::")},
    {"mapped", STIX_CLASS_IP, STR_INIT("::ffff:198.51.100.3"), STR_INIT("ip:198.51.100.3")},
    {"mapped in hexadecimal", STIX_CLASS_IP, STR_INIT("::FFFF:c633:6403"),
        STR_INIT("ip:198.51.100.3")},
    {"two gaps", STIX_CLASS_IP, STR_INIT("1::2::3"), STR_INIT("")},
    {"too many groups", STIX_CLASS_IP, STR_INIT("1:2:3:4:5:6:7:8:9"), STR_INIT("")},
    {"too few groups", STIX_CLASS_IP, STR_INIT("1:2:3"), STR_INIT("")},
    {"gap without a group to stand for", STIX_CLASS_IP, STR_INIT("1:2:3:4::5:6:7:8"),
        STR_INIT("")},
    {"IPv4 in the middle", STIX_CLASS_IP, STR_INIT("1.2.3.4::1"), STR_INIT("")},
    {"zone", STIX_CLASS_IP, STR_INIT("fe80::1%eth0"), STR_INIT("")},
    {"network", STIX_CLASS_NET, STR_INIT("10.0.0.0/8"), STR_INIT("net:10.0.0.0/8")},
    {"host bits set", STIX_CLASS_NET, STR_INIT("10.2.4.5/24"), STR_INIT("net:10.2.4.0/24")},
    {"everything", STIX_CLASS_NET, STR_INIT("10.2.4.5/0"), STR_INIT("net:0.0.0.0/0")},
    {"odd prefix", STIX_CLASS_NET, STR_INIT("2001:db8:ffff::/35"),
        STR_INIT("net:2001:db8:e000::/35")},
    {"mapped network", STIX_CLASS_NET, STR_INIT("::ffff:10.0.0.0/104"),
        STR_INIT("net:10.0.0.0/8")},
    {"prefix too long", STIX_CLASS_NET, STR_INIT("10.0.0.0/33"), STR_INIT("")},
    {"address without a prefix", STIX_CLASS_NET, STR_INIT("10.0.0.1"), STR_INIT("")},
    {"domain", STIX_CLASS_DOMAIN, STR_INIT("Example.COM."), STR_INIT("domain:example.com")},
    {"underscore", STIX_CLASS_DOMAIN, STR_INIT("_dmarc.example.com"),
        STR_INIT("domain:_dmarc.example.com")},
    {"Korean", STIX_CLASS_DOMAIN, STR_INIT("한국.kr"), STR_INIT("domain:xn--3e0b707e.kr")},
    {"A-label in upper case", STIX_CLASS_DOMAIN, STR_INIT("XN--3E0B707E.kr"),
        STR_INIT("domain:xn--3e0b707e.kr")},
    {"sharp s is not ss (non-transitional)", STIX_CLASS_DOMAIN, STR_INIT("faß.de"),
        STR_INIT("domain:xn--fa-hia.de")},
    {"upper case beyond ASCII", STIX_CLASS_DOMAIN, STR_INIT("BÜCHER.example"),
        STR_INIT("domain:xn--bcher-kva.example")},
    {"decomposed", STIX_CLASS_DOMAIN,
        STR_INIT("bu\xcc\x88"
                 "cher.example"),
        STR_INIT("domain:xn--bcher-kva.example")},
    {"ideographic full stop", STIX_CLASS_DOMAIN, STR_INIT("한국。kr"),
        STR_INIT("domain:xn--3e0b707e.kr")},
    {"empty label", STIX_CLASS_DOMAIN, STR_INIT("a..b"), STR_INIT("")},
    {"an address", STIX_CLASS_DOMAIN, STR_INIT("1.2.3.4"), STR_INIT("")},
    {"blank", STIX_CLASS_DOMAIN, STR_INIT("a b.com"), STR_INIT("")},
    {"NUL", STIX_CLASS_DOMAIN, STR_INIT("a\0b.com"), STR_INIT("")},
    {"NUL beside Korean", STIX_CLASS_DOMAIN, STR_INIT("한\0.com"), STR_INIT("")},
    {"label of 64", STIX_CLASS_DOMAIN,
        STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"),
        STR_INIT("")},
    {"only a dot", STIX_CLASS_DOMAIN, STR_INIT("."), STR_INIT("")},
    {"URL", STIX_CLASS_URL, STR_INIT("HTTP://Example.COM:80/A/b?Q=1#frag"),
        STR_INIT("url:http://example.com/A/b?Q=1")},
    {"empty path", STIX_CLASS_URL, STR_INIT("https://example.com:443"),
        STR_INIT("url:https://example.com/")},
    {"query without a path", STIX_CLASS_URL, STR_INIT("https://example.com?x"),
        STR_INIT("url:https://example.com/?x")},
    {"other port", STIX_CLASS_URL, STR_INIT("https://example.com:8443/"),
        STR_INIT("url:https://example.com:8443/")},
    {"user", STIX_CLASS_URL, STR_INIT("ftp://Me:Pw@Example.com/"),
        STR_INIT("url:ftp://Me:Pw@example.com/")},
    {"IPv6 host", STIX_CLASS_URL, STR_INIT("http://[2001:DB8::1]:8080/x"),
        STR_INIT("url:http://[2001:db8::1]:8080/x")},
    {"mapped host", STIX_CLASS_URL, STR_INIT("http://[::ffff:1.2.3.4]/"),
        STR_INIT("url:http://1.2.3.4/")},
    {"Korean host", STIX_CLASS_URL, STR_INIT("http://한국.kr/길"),
        STR_INIT("url:http://xn--3e0b707e.kr/길")},
    {"file", STIX_CLASS_URL, STR_INIT("file:///etc/passwd"),
        STR_INIT("url:file:///etc/passwd")},
    {"no host", STIX_CLASS_URL, STR_INIT("http:///x"), STR_INIT("")},
    {"no scheme", STIX_CLASS_URL, STR_INIT("example.com/x"), STR_INIT("")},
    {"port too large", STIX_CLASS_URL, STR_INIT("http://a.b:65536/"), STR_INIT("")},
    {"line feed", STIX_CLASS_URL, STR_INIT("http://a.b/\n"), STR_INIT("")},
    {"mail", STIX_CLASS_EMAIL, STR_INIT("John@Example.COM"),
        STR_INIT("email:john@example.com")},
    {"quoted at", STIX_CLASS_EMAIL, STR_INIT("a@b@Example.com"),
        STR_INIT("email:a@b@example.com")},
    {"no local part", STIX_CLASS_EMAIL, STR_INIT("@example.com"), STR_INIT("")},
    {"no domain", STIX_CLASS_EMAIL, STR_INIT("john@"), STR_INIT("")},
    {"hash", STIX_CLASS_HASH, STR_INIT("CEAD3F77F6CDA6EC00F57D76C9A6879F"),
        STR_INIT("hash:cead3f77f6cda6ec00f57d76c9a6879f")},
    {"fuzzy hash", STIX_CLASS_HASH, STR_INIT("96:s4Ud1Lj96tHHlZDrwciQmA+4u"),
        STR_INIT("hash:96:s4Ud1Lj96tHHlZDrwciQmA+4u")},
    {"MAC", STIX_CLASS_MAC, STR_INIT("D2-FB-49-24-37-18"), STR_INIT("mac:d2:fb:49:24:37:18")},
    {"MAC in threes", STIX_CLASS_MAC, STR_INIT("d2fb.4924.3718"),
        STR_INIT("mac:d2:fb:49:24:37:18")},
    {"MAC with mixed marks", STIX_CLASS_MAC, STR_INIT("D2-FB:49-24-37-18"), STR_INIT("")},
    {"MAC with a letter", STIX_CLASS_MAC, STR_INIT("G2:FB:49:24:37:18"), STR_INIT("")},
    {"AS", STIX_CLASS_ASN, STR_INIT("as15139"), STR_INIT("asn:15139")},
    {"AS number", STIX_CLASS_ASN, STR_INIT("15139"), STR_INIT("asn:15139")},
    {"AS beyond 32 bits", STIX_CLASS_ASN, STR_INIT("AS4294967296"), STR_INIT("")},
    {"registry", STIX_CLASS_REGKEY, STR_INIT("HKLM\\Software\\Foo\\"),
        STR_INIT("regkey:hkey_local_machine\\software\\foo")},
    {"registry written out", STIX_CLASS_REGKEY, STR_INIT("HKEY_LOCAL_MACHINE\\Software\\Foo"),
        STR_INIT("regkey:hkey_local_machine\\software\\foo")},
    {"path", STIX_CLASS_PATH, STR_INIT("C:\\Windows\\System32"),
        STR_INIT("path:c:\\windows\\system32")},
    {"file name", STIX_CLASS_FILE, STR_INIT("Foo.DLL"), STR_INIT("file:foo.dll")},
    {"lowering composes", STIX_CLASS_FILE, STR_INIT("J\xcc\x8c"), STR_INIT("file:\xc7\xb0")},
    {"composing makes an upper case K", STIX_CLASS_FILE, STR_INIT("\xe2\x84\xaa"),
        STR_INIT("file:k")},
    {"text is composed", STIX_CLASS_TEXT, STR_INIT("e\xcc\x81"), STR_INIT("text:\xc3\xa9")},
    {"text keeps its case", STIX_CLASS_TEXT, STR_INIT("__CleanSweep__"),
        STR_INIT("text:__CleanSweep__")},
    {"text that looks like a digest of text", STIX_CLASS_TEXT, STR_INIT("#"),
        STR_INIT("text:#334359b90efed75da5f0ada1d5e6b256f4a6bd0aee7eb39c0f90182a021ffc8b")},
    {"not UTF-8", STIX_CLASS_TEXT, STR_INIT("\xff"), STR_INIT("")},
    {"empty", STIX_CLASS_TEXT, STR_INIT(""), STR_INIT("")},
};

static void values_have_one_key(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str key;
        bool ok = cases[i].want.len > 0;
        CHECK_ERR(cases[i].why, stix_value_key(&request, cases[i].class, cases[i].text, &key),
            ok ? ERR_OK : ERR_INVALID);
        if (ok)
            CHECK_STR(cases[i].why, key, cases[i].want);
    }
    arena_release(&request);
}

static void long_values_keep_their_digest(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    char text[STIX_VALUE_BYTES_MAX + 1];
    memset(text, 'a', sizeof text);
    struct str key;
    CHECK_ERR("longest",
        stix_value_key(&request, STIX_CLASS_TEXT, (struct str){text, sizeof text - 1}, &key),
        ERR_OK);
    assert_int_equal(key.len, STIX_VALUE_BYTES_MAX + 5);
    CHECK_ERR("longer",
        stix_value_key(&request, STIX_CLASS_TEXT, (struct str){text, sizeof text}, &key),
        ERR_OK);
    assert_int_equal(key.len, 5 + 1 + 64);
    CHECK("digest", str_starts(key, STR("text:#")));
    arena_release(&request);
}

static const struct {
    const char *why;
    struct str type, path, text, want; // an empty want means ERR_NOT_FOUND
} places[] = {
    {"observable", STR_INIT("ipv4-addr"), STR_INIT("value"), STR_INIT("1.2.3.4/24"),
        STR_INIT("net:1.2.3.0/24")},
    {"what a reference leads to", STR_INIT("network-traffic"), STR_INIT("dst_ref.value"),
        STR_INIT("Example.com"), STR_INIT("domain:example.com")},
    {"hash", STR_INIT("file"), STR_INIT("hashes.SHA-256"), STR_INIT("ABCD"),
        STR_INIT("hash:abcd")},
    {"any hash", STR_INIT("file"), STR_INIT("hashes"), STR_INIT("ABCD"), STR_INIT("hash:abcd")},
    {"nested hash", STR_INIT("process"), STR_INIT("image_ref.hashes.MD5"), STR_INIT("AB"),
        STR_INIT("hash:ab")},
    {"directory of a file", STR_INIT("file"), STR_INIT("parent_directory_ref.path"),
        STR_INIT("C:\\X"), STR_INIT("path:c:\\x")},
    {"image of a process", STR_INIT("process"), STR_INIT("image_ref.name"), STR_INIT("A.EXE"),
        STR_INIT("file:a.exe")},
    {"mail sender", STR_INIT("email-message"), STR_INIT("from_ref.value"),
        STR_INIT("A@B.example"), STR_INIT("email:a@b.example")},
    {"unknown type", STR_INIT("app"), STR_INIT("id"), STR_INIT("com.Foo"),
        STR_INIT("text:com.Foo")},
    {"bad for its class", STR_INIT("domain-name"), STR_INIT("value"), STR_INIT("a b"),
        STR_INIT("text:a b")},
    {"kind of thing", STR_INIT("network-traffic"), STR_INIT("dst_ref.type"),
        STR_INIT("ipv4-addr"), STR_INIT("")},
    {"mime type", STR_INIT("file"), STR_INIT("mime_type"), STR_INIT("image/bmp"), STR_INIT("")},
};

static void the_path_chooses_the_class(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(places); i++) {
        struct str key;
        bool ok = places[i].want.len > 0;
        CHECK_ERR(places[i].why,
            stix_value_key_at(&request, places[i].type, places[i].path, places[i].text, &key),
            ok ? ERR_OK : ERR_NOT_FOUND);
        if (ok)
            CHECK_STR(places[i].why, key, places[i].want);
    }
    arena_release(&request);
}

// What an analyst pastes, and one key that must be among the candidates.
static const struct {
    const char *why;
    struct str text, want;
} pasted[] = {
    {"plain", STR_INIT("example.com"), STR_INIT("domain:example.com")},
    {"blanks", STR_INIT("  example.com\r\n"), STR_INIT("domain:example.com")},
    {"[.]", STR_INIT("example[.]com"), STR_INIT("domain:example.com")},
    {"(.)", STR_INIT("www(.)example(.)com"), STR_INIT("domain:www.example.com")},
    {"{dot}", STR_INIT("example{dot}com"), STR_INIT("domain:example.com")},
    {"[DOT]", STR_INIT("example[DOT]com"), STR_INIT("domain:example.com")},
    {"hxxp", STR_INIT("hxxp://example[.]com/a"), STR_INIT("url:http://example.com/a")},
    {"hXXps[:]//", STR_INIT("hXXps[:]//example.com/a"), STR_INIT("url:https://example.com/a")},
    {"[://]", STR_INIT("hxxp[://]example.com"), STR_INIT("url:http://example.com/")},
    {"[at]", STR_INIT("john[at]example[.]com"), STR_INIT("email:john@example.com")},
    {"[@]", STR_INIT("john[@]example.com"), STR_INIT("email:john@example.com")},
    {"address", STR_INIT("198[.]51[.]100[.]3"), STR_INIT("ip:198.51.100.3")},
    {"IPv6", STR_INIT("2001[:]db8[:][:]1"), STR_INIT("ip:2001:db8::1")},
    {"network", STR_INIT("10.0.0.0/8"), STR_INIT("net:10.0.0.0/8")},
    {"digest", STR_INIT("CEAD3F77F6CDA6EC00F57D76C9A6879F"),
        STR_INIT("hash:cead3f77f6cda6ec00f57d76c9a6879f")},
    {"AS", STR_INIT("AS15139"), STR_INIT("asn:15139")},
    {"registry", STR_INIT("HKCU\\Software"), STR_INIT("regkey:hkey_current_user\\software")},
    {"file name", STR_INIT("Foo.dll"), STR_INIT("file:foo.dll")},
    {"path", STR_INIT("C:\\Temp\\.x"), STR_INIT("path:c:\\temp\\.x")},
    {"text that only looks defanged", STR_INIT("a(at)b"), STR_INIT("text:a(at)b")},
};

static void pasted_text_finds_its_key(void **state)
{
    struct arena request;
    arena_init(&request, MIB);
    for (size_t i = 0; i < LEN(pasted); i++) {
        struct str keys[STIX_CANDIDATES_MAX];
        size_t n;
        CHECK_ERR(
            pasted[i].why, stix_value_candidates(&request, pasted[i].text, keys, &n), ERR_OK);
        bool found = false;
        for (size_t k = 0; k < n; k++)
            found |= str_eq(keys[k], pasted[i].want);
        CHECK(pasted[i].why, found);
    }
    struct str keys[STIX_CANDIDATES_MAX];
    size_t n;
    CHECK_ERR("blank", stix_value_candidates(&request, STR(" \n"), keys, &n), ERR_INVALID);
    CHECK_ERR("not UTF-8", stix_value_candidates(&request, STR("\xc3"), keys, &n), ERR_INVALID);
    arena_release(&request);
}

static void a_full_arena_is_a_limit(void **state)
{
    for (size_t limit = 0; limit < 1 << 18; limit += 512) {
        struct arena small;
        arena_init(&small, limit);
        struct str keys[STIX_CANDIDATES_MAX];
        size_t n;
        enum err e = stix_value_candidates(&small, STR("hxxp://한국[.]kr/길"), keys, &n);
        arena_release(&small);
        if (e == ERR_OK)
            return;
        CHECK_ERR("below the need", e, ERR_LIMIT);
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_one_key),
        cmocka_unit_test(long_values_keep_their_digest),
        cmocka_unit_test(the_path_chooses_the_class),
        cmocka_unit_test(pasted_text_finds_its_key),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return RUN_TESTS(tests);
}
