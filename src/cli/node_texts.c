// SPDX-License-Identifier: Apache-2.0
// What a node says of a request that it refuses, in Korean. tools/node-texts finds what is
// missing here and what no handler says any more.
#include "cli/node_texts.h"

static const struct {
    struct str english, korean;
} texts[] = {
    {STR_INIT("1,000 lists are held, of 2,000,000 entries and 64 MiB in all"),
        STR_INIT("목록은 1,000개, 항목은 모두 2,000,000개, 크기는 모두 64 "
                 "MiB 까지입니다")},
    {STR_INIT("200 queries are kept, of 16 KiB each"),
        STR_INIT("질의는 200개까지, 하나에 16 KiB 까지 보관합니다")},
    {STR_INIT("a comma separates ids, and no id has one"),
        STR_INIT("쉼표는 ID를 나누는 기호이며, ID 안에는 쉼표가 "
                 "없습니다")},
    {STR_INIT("a flash goes to a partner, over its link"),
        STR_INIT("긴급 통보는 상대방에게 링크로 보냅니다")},
    {STR_INIT("a name has 1 to 64 bytes, and no slash"),
        STR_INIT("이름은 1~64바이트이며 빗금(/)을 쓸 수 없습니다")},
    {STR_INIT("a page cannot be read"), STR_INIT("한 쪽을 읽을 수 없습니다")},
    {STR_INIT("a parameter has no value"), STR_INIT("값이 없는 매개변수가 있습니다")},
    {STR_INIT("a position is a number: the id of an event, or 0"),
        STR_INIT("위치는 숫자입니다: 사건의 번호, 또는 0")},
    {STR_INIT("a recipient may ask only whether it may have it"),
        STR_INIT("수신처는 자신이 받을 수 있는지만 물을 수 있습니다")},
    {STR_INIT("a recipient's name is 2 to 32 of a-z 0-9 and hyphen"),
        STR_INIT("수신처 이름은 a-z, 0-9, 붙임표로 2~32자입니다")},
    {STR_INIT("a secret wants a user"), STR_INIT("비밀번호에는 사용자 이름이 필요합니다")},
    {STR_INIT("a server is known by its own certificate or by an authority, not both"),
        STR_INIT("서버는 서버 자신의 인증서와 인증 기관 가운데 "
                 "하나로만 확인합니다")},
    {STR_INIT("a user has no colon, and neither has control characters (RFC 7617)"),
        STR_INIT("사용자 이름에는 쌍점을, 이름과 비밀번호에는 제어 "
                 "문자를 쓸 수 없습니다(RFC 7617)")},
    {STR_INIT("a value is not text in UTF-8"), STR_INIT("UTF-8 글자가 아닌 값이 있습니다")},
    {STR_INIT("a view changes by decisions of its owner, not by its readers"),
        STR_INIT("뷰는 소유자의 결정으로만 바뀌며, 읽는 쪽이 바꿀 "
                 "수 없습니다")},
    {STR_INIT("after is a time such as 2026-11-24T00:00:00Z"),
        STR_INIT("after 는 2026-11-24T00:00:00Z 같은 시각입니다")},
    {STR_INIT("after is what the page before gave as next"),
        STR_INIT("after 에는 앞 쪽의 next 값을 씁니다")},
    {STR_INIT("alias is 1 to 64 of a-z 0-9 and hyphen"),
        STR_INIT("alias 는 a-z, 0-9, 붙임표로 1~64자입니다")},
    {STR_INIT("an approval is for another recipient"),
        STR_INIT("다른 수신처에 대한 승인입니다")},
    {STR_INIT("an approval is not a file of: bongsu approve"),
        STR_INIT("bongsu approve 로 만든 승인 파일이 아닙니다")},
    {STR_INIT("an approval's signature is not that officer's"),
        STR_INIT("승인의 서명이 그 담당관의 것이 아닙니다")},
    {STR_INIT("an export is for a recipient of our own (<our party>/NAME); a partner "
              "gets releases"),
        STR_INIT("내보내기는 우리 쪽 수신처(<우리 당사자>/이름)에만 "
                 "합니다; 상대방에게는 배포합니다")},
    {STR_INIT("an officer must approve it: preview it with --out, then: bongsu "
              "approve"),
        STR_INIT("담당관의 승인이 필요합니다: --out 으로 미리 본 뒤 "
                 "bongsu approve 를 실행하십시오")},
    {STR_INIT("an officer of that name is in office, or that key was registered "
              "before"),
        STR_INIT("그 이름의 담당관이 재직 중이거나, 그 키가 이미 "
                 "등록된 적이 있습니다")},
    {STR_INIT("answer is destroy or ask"), STR_INIT("answer 는 destroy 또는 ask 입니다")},
    {STR_INIT("collection and types have no control characters"),
        STR_INIT("collection 과 types 에는 제어 문자를 쓸 수 없습니다")},
    {STR_INIT("collection, types and after are of TAXII only"),
        STR_INIT("collection, types, after 는 TAXII 에만 씁니다")},
    {STR_INIT("depth is a number from 1 to 6"), STR_INIT("depth 는 1~6 의 숫자입니다")},
    {STR_INIT("either destroy, or a stricter handling"),
        STR_INIT("destroy 와 더 엄격한 취급 가운데 하나만 고르십시오")},
    {STR_INIT("every is 1 minute to 366 days, or 0 for only when asked"),
        STR_INIT("주기는 1분~366일이며, 0 은 요청할 때만입니다")},
    {STR_INIT("for is the party that may receive it: not us, and not the partner"),
        STR_INIT("for 는 받을 당사자입니다: 우리도, 그 상대방도 "
                 "아니어야 합니다")},
    {STR_INIT("format is stix, misp, csv or text"),
        STR_INIT("format 은 stix, misp, csv, text 가운데 하나입니다")},
    {STR_INIT("format is stix, stix20, misp, csv or text"),
        STR_INIT("format 은 stix, stix20, misp, csv, text 가운데 하나입니다")},
    {STR_INIT("handling is a TLP word, nations a list of trigraphs as in GBR,KOR, "
              "embargo and expires are times in UTC with Z"),
        STR_INIT("handling 은 TLP 등급, nations 는 GBR,KOR 같은 국가 코드 "
                 "목록, embargo 와 expires 는 Z 가 붙은 UTC 시각입니다")},
    {STR_INIT("handling is clear, green, amber, amber+strict or red"),
        STR_INIT("handling 은 clear, green, amber, amber+strict, red 가운데 "
                 "하나입니다")},
    {STR_INIT("handling is clear, green, amber, amber+strict, red or quarantine"),
        STR_INIT("handling 은 clear, green, amber, amber+strict, red, quarantine "
                 "가운데 하나입니다")},
    {STR_INIT("imported again under another handling"), STR_INIT("다른 취급으로 다시 가져옴")},
    {STR_INIT("imported into quarantine"), STR_INIT("격리로 가져옴")},
    {STR_INIT("it goes as a marked variant, under an id of its own"),
        STR_INIT("표시를 단 변형으로, 별도의 ID로 나갑니다")},
    {STR_INIT("it is in quarantine because of a recall, or came with what is in "
              "doubt: it cannot be accepted"),
        STR_INIT("회수 때문에, 또는 의심스러운 것과 함께 와서 "
                 "격리되었습니다: 받아들일 수 없습니다")},
    {STR_INIT("it is older than seven days: approve again"),
        STR_INIT("승인한 지 7일이 지났습니다: 다시 승인받으십시오")},
    {STR_INIT("it is reviewed already"), STR_INIT("이미 검토되었습니다")},
    {STR_INIT("it was signed before the officer's certificate begins"),
        STR_INIT("담당관 인증서의 시작 전에 서명되었습니다")},
    {STR_INIT("its decision is not in the store"), STR_INIT("그 결정이 저장소에 없습니다")},
    {STR_INIT("its import was mislabelled"), STR_INIT("가져오기의 표시가 잘못되었음")},
    {STR_INIT("its record cannot be read"), STR_INIT("그 기록을 읽을 수 없습니다")},
    {STR_INIT("its record says something else than its facts"),
        STR_INIT("기록이 그 근거와 다릅니다")},
    {STR_INIT("its time is in the future: set the clock of the machine that signs"),
        STR_INIT("시각이 미래입니다: 서명하는 기계의 시계를 "
                 "맞추십시오")},
    {STR_INIT("kind is agency, person or sensor"),
        STR_INIT("kind 는 agency, person, sensor 가운데 하나입니다")},
    {STR_INIT("kind is taxii, url or misp"),
        STR_INIT("kind 는 taxii, url, misp 가운데 하나입니다")},
    {STR_INIT("kind is view or inbox"), STR_INIT("kind 는 view 또는 inbox 입니다")},
    {STR_INIT("lang is the tag of one language, such as ko"),
        STR_INIT("lang 은 ko 같은 언어 하나의 태그입니다")},
    {STR_INIT("limit is a whole number above 0, since is a time in UTC, such as "
              "2026-11-23T18:00:00Z"),
        STR_INIT("limit 는 0보다 큰 정수, since 는 2026-11-23T18:00:00Z 같은 "
                 "UTC 시각입니다")},
    {STR_INIT("make a link first: its agreement names the root that certifies "
              "officers"),
        STR_INIT("먼저 링크를 만드십시오: 담당관을 인증하는 루트는 "
                 "그 합의서에 있습니다")},
    {STR_INIT("max_content_length is a number of bytes from 1024 to 16777216"),
        STR_INIT("max_content_length 는 1024~16777216 바이트입니다")},
    {STR_INIT("max_tlp is clear, green, amber or amber+strict: no rule releases RED"),
        STR_INIT("max_tlp 는 clear, green, amber, amber+strict 가운데 "
                 "하나입니다: RED 를 배포하는 규칙은 없습니다")},
    {STR_INIT("max_tlp is clear, green, amber or amber+strict: no view shows RED"),
        STR_INIT("max_tlp 는 clear, green, amber, amber+strict 가운데 "
                 "하나입니다: RED 를 보이는 뷰는 없습니다")},
    {STR_INIT("may is read, write or both"),
        STR_INIT("may 는 read, write, both 가운데 하나입니다")},
    {STR_INIT("mode is push, pull or file"),
        STR_INIT("mode 는 push, pull, file 가운데 하나입니다")},
    {STR_INIT("more approvals than any order needs"),
        STR_INIT("어떤 명령에도 필요하지 않을 만큼 승인이 많습니다")},
    {STR_INIT("name an object by id, or an import by its number"),
        STR_INIT("객체의 ID 또는 가져오기의 번호 가운데 하나를 "
                 "적으십시오")},
    {STR_INIT("name is 1 to 256 bytes without / and control signs"),
        STR_INIT("name 은 / 와 제어 문자 없이 1~256바이트입니다")},
    {STR_INIT("name is 1 to 64 bytes without / and control signs"),
        STR_INIT("name 은 / 와 제어 문자 없이 1~64바이트입니다")},
    {STR_INIT("name is 1 to 64 of a-z 0-9 and hyphen"),
        STR_INIT("name 은 a-z, 0-9, 붙임표로 1~64자입니다")},
    {STR_INIT("name one object or one class"),
        STR_INIT("객체 하나 또는 유형 하나를 적으십시오")},
    {STR_INIT("nation is ISO 3166-1 alpha-3, such as GBR"),
        STR_INIT("nation 은 GBR 같은 ISO 3166-1 alpha-3 코드입니다")},
    {STR_INIT("next is not of this server, or of another query: begin again without "
              "it"),
        STR_INIT("next 가 이 서버의 것이 아니거나 다른 질의의 "
                 "것입니다: next 없이 다시 시작하십시오")},
    {STR_INIT("no officer of that name is in office"),
        STR_INIT("그 이름의 담당관은 재직 중이 아닙니다")},
    {STR_INIT("no open recall asks for it"),
        STR_INIT("그것을 요구하는 회수 요청이 열려 있지 않습니다")},
    {STR_INIT("no recall of it is proposed"), STR_INIT("그것에 대한 회수 제안이 없습니다")},
    {STR_INIT("no such key is registered"), STR_INIT("그런 키는 등록되어 있지 않습니다")},
    {STR_INIT("no such object is held"), STR_INIT("그런 객체를 가지고 있지 않습니다")},
    {STR_INIT("no such object is held, or it was not made by a conversion"),
        STR_INIT("그런 객체를 가지고 있지 않거나, 변환으로 만든 "
                 "객체가 아닙니다")},
    {STR_INIT("no such person is registered"), STR_INIT("그런 사람은 등록되어 있지 않습니다")},
    {STR_INIT("no such rule is in force"), STR_INIT("그런 규칙은 시행 중이 아닙니다")},
    {STR_INIT("no warning list has this number"), STR_INIT("그 번호의 경고 목록이 없습니다")},
    {STR_INIT("nothing of it is in quarantine"), STR_INIT("그 가운데 격리된 것이 없습니다")},
    {STR_INIT("nothing of it was released, or it is recalled already"),
        STR_INIT("배포된 적이 없거나 이미 회수되었습니다")},
    {STR_INIT("originator is a party id: 2 to 16 of a-z 0-9 and hyphen"),
        STR_INIT("originator 는 당사자 ID 입니다: a-z, 0-9, 붙임표로 2~16자")},
    {STR_INIT("page_limit is a number from 1 to 1000"),
        STR_INIT("page_limit 는 1~1000 의 숫자입니다")},
    {STR_INIT("posted again under another handling"), STR_INIT("다른 취급으로 다시 올림")},
    {STR_INIT("posted to an inbox that quarantines"), STR_INIT("격리하는 수신함에 올림")},
    {STR_INIT("priority is urgent, normal or bulk"),
        STR_INIT("priority 는 urgent, normal, bulk 가운데 하나입니다")},
    {STR_INIT("purposes is a list of words of a-z 0-9 and hyphen, joined by commas"),
        STR_INIT("purposes 는 a-z, 0-9, 붙임표로 된 낱말을 쉼표로 이은 "
                 "목록입니다")},
    {STR_INIT("rights is a list of read, import, release, recall, carry, joined by "
              "commas"),
        STR_INIT("rights 는 read, import, release, recall, carry 를 쉼표로 이은 "
                 "목록입니다")},
    {STR_INIT("say what is stricter: handling (green, amber, amber+strict, red), "
              "nations, noforn, orcon, embargo or expires"),
        STR_INIT("무엇을 더 엄격하게 할지 적으십시오: handling(green, "
                 "amber, amber+strict, red), nations, noforn, orcon, embargo, expires")},
    {STR_INIT("since is a time such as 2026-11-23T18:00:00Z"),
        STR_INIT("since 는 2026-11-23T18:00:00Z 같은 시각입니다")},
    {STR_INIT("source is a party"), STR_INIT("source 는 당사자입니다")},
    {STR_INIT("source is a party, or a recipient of our own with its party"),
        STR_INIT("source 는 당사자이거나, 당사자를 붙여 쓴 우리 쪽 "
                 "수신처입니다")},
    {STR_INIT("state is live or paused"), STR_INIT("state 는 live 또는 paused 입니다")},
    {STR_INIT("that officer had retired when it was signed"),
        STR_INIT("서명할 때 그 담당관은 퇴임한 뒤였습니다")},
    {STR_INIT("that officer's key was revoked"), STR_INIT("그 담당관의 키는 폐기되었습니다")},
    {STR_INIT("the answer is no TAXII 2.1 by its type"),
        STR_INIT("답의 형식이 TAXII 2.1 이 아닙니다")},
    {STR_INIT("the body is a certificate in PEM, or nothing"),
        STR_INIT("본문은 PEM 인증서이거나 비어 있어야 합니다")},
    {STR_INIT("the body is no JSON"), STR_INIT("본문이 JSON 이 아닙니다")},
    {STR_INIT("the body is no envelope: it has no list `objects`"),
        STR_INIT("본문이 봉투(envelope)가 아닙니다: objects 목록이 "
                 "없습니다")},
    {STR_INIT("the body is {\"certificate\": PEM, \"key\": PEM}, a pair"),
        STR_INIT("본문은 서로 맞는 한 쌍 {\"certificate\": PEM, \"key\": PEM} "
                 "이어야 합니다")},
    {STR_INIT("the client certificate and its key do not fit"),
        STR_INIT("클라이언트 인증서와 키가 서로 맞지 않습니다")},
    {STR_INIT("the collection may not be read"), STR_INIT("그 컬렉션은 읽을 수 없습니다")},
    {STR_INIT("the decision comes out otherwise"),
        STR_INIT("결정을 다시 내리니 결과가 다릅니다")},
    {STR_INIT("the document is too large: export fewer at a time, by limit and after, "
              "type, source or since"),
        STR_INIT("문서가 너무 큽니다: limit 와 after, type, source, since 로 "
                 "나누어 내보내십시오")},
    {STR_INIT("the facts of its decision are not in the store"),
        STR_INIT("그 결정의 근거가 저장소에 없습니다")},
    {STR_INIT("the facts of its decision cannot be read"),
        STR_INIT("그 결정의 근거를 읽을 수 없습니다")},
    {STR_INIT("the feed was removed"), STR_INIT("그 피드는 삭제되었습니다")},
    {STR_INIT("the link is paused or frozen on this side"),
        STR_INIT("이쪽에서 링크가 멈추었거나 동결되었습니다")},
    {STR_INIT("the newest version of it has not been released to that partner"),
        STR_INIT("최신판이 그 상대방에게 배포되지 않았습니다")},
    {STR_INIT("the officer who sent a flash does not review it"),
        STR_INIT("긴급 통보를 보낸 담당관은 그것을 검토할 수 "
                 "없습니다")},
    {STR_INIT("the officer's certificate was over when it was signed"),
        STR_INIT("서명할 때 담당관의 인증서가 만료되어 있었습니다")},
    {STR_INIT("the question is too long"), STR_INIT("질문이 너무 깁니다")},
    {STR_INIT("the rights of a recipient are read and import, joined by commas"),
        STR_INIT("수신처의 권한은 read 와 import 를 쉼표로 이은 "
                 "것입니다")},
    {STR_INIT("the search index is of another form: stop the node and run bongsu "
              "rebuild"),
        STR_INIT("검색 색인의 형식이 다릅니다: 노드를 멈추고 bongsu "
                 "rebuild 를 실행하십시오")},
    {STR_INIT("the server repeats a page"), STR_INIT("서버가 같은 쪽을 되풀이합니다")},
    {STR_INIT("the server says that there is more, and not where: neither next nor a "
              "later X-TAXII-Date-Added-Last"),
        STR_INIT("서버가 더 있다고 하면서 어디서 이어지는지 알리지 "
                 "않습니다: next 도, 더 늦은 X-TAXII-Date-Added-Last 도 "
                 "없습니다")},
    {STR_INIT("the server says that there is more, and sends nothing"),
        STR_INIT("서버가 더 있다고 하면서 아무것도 보내지 않습니다")},
    {STR_INIT("the server's certificate or authorities are not PEM"),
        STR_INIT("서버 인증서나 인증 기관이 PEM 이 아닙니다")},
    {STR_INIT("the server's cursor is too long"), STR_INIT("서버의 커서가 너무 깁니다")},
    {STR_INIT("the spool cannot be written"), STR_INIT("임시 폴더에 쓸 수 없습니다")},
    {STR_INIT("the statement does not verify"), STR_INIT("진술서가 검증되지 않습니다")},
    {STR_INIT("the statement is not about an officer of this node and realm"),
        STR_INIT("이 노드와 영역의 담당관에 대한 진술서가 아닙니다")},
    {STR_INIT("there are more values than one request may have"),
        STR_INIT("한 번의 요청에 담을 수 있는 것보다 값이 많습니다")},
    {STR_INIT("there is a feed of that name"), STR_INIT("그 이름의 피드가 이미 있습니다")},
    {STR_INIT("there is no import of that number"), STR_INIT("그 번호의 가져오기가 없습니다")},
    {STR_INIT("there is no link with that party"), STR_INIT("그 당사자와의 링크가 없습니다")},
    {STR_INIT("there is no link with that party, and no recipient of our own in force "
              "of that name (written <our party>/NAME)"),
        STR_INIT("그 당사자와의 링크도, 그 이름의 우리 쪽 수신처도 "
                 "없습니다(수신처는 <우리 당사자>/이름 으로 "
                 "적습니다)")},
    {STR_INIT("there is no link with that party, or its ledgers have not been "
              "cosigned yet"),
        STR_INIT("그 당사자와의 링크가 없거나, 원장이 아직 함께 "
                 "서명되지 않았습니다")},
    {STR_INIT("there is no recipient of that name in force"),
        STR_INIT("그 이름의 유효한 수신처가 없습니다")},
    {STR_INIT("there is no such collection, or no such recipient in force"),
        STR_INIT("그런 컬렉션이 없거나, 그런 유효한 수신처가 "
                 "없습니다")},
    {STR_INIT("there is no token of that name"), STR_INIT("그 이름의 토큰이 없습니다")},
    {STR_INIT("there is nothing of that name here for this account"),
        STR_INIT("이 계정에는 그 이름의 것이 없습니다")},
    {STR_INIT("there is nothing of that name in force"),
        STR_INIT("그 이름으로 유효한 것이 없습니다")},
    {STR_INIT("this account may not read the collection"),
        STR_INIT("이 계정은 그 컬렉션을 읽을 수 없습니다")},
    {STR_INIT("this account may not write to the collection"),
        STR_INIT("이 계정은 그 컬렉션에 쓸 수 없습니다")},
    {STR_INIT("title is needed, and is at most 1000 bytes, as is description"),
        STR_INIT("title 은 꼭 필요하며, description 과 함께 "
                 "1000바이트까지입니다")},
    {STR_INIT("too many event streams are open"),
        STR_INIT("열려 있는 사건 스트림이 너무 많습니다")},
    {STR_INIT("too many objects in one envelope"),
        STR_INIT("한 봉투(envelope)에 객체가 너무 많습니다")},
    {STR_INIT("too many persons"), STR_INIT("사람이 너무 많습니다")},
    {STR_INIT("two different officers must approve it: preview it with --out, then: "
              "bongsu approve"),
        STR_INIT("서로 다른 두 담당관의 승인이 필요합니다: --out 으로 "
                 "미리 본 뒤 bongsu approve 를 실행하십시오")},
    {STR_INIT("types is a list of object types, joined by commas"),
        STR_INIT("types 는 객체 유형을 쉼표로 이은 목록입니다")},
    {STR_INIT("until is a time to come, such as 2027-01-01T00:00:00Z"),
        STR_INIT("until 은 2027-01-01T00:00:00Z 같은 앞으로의 시각입니다")},
    {STR_INIT("value and ref cannot be asked for together"),
        STR_INIT("value 와 ref 는 함께 물을 수 없습니다")},
    {STR_INIT("value is not text"), STR_INIT("값이 글자가 아닙니다")},
    {STR_INIT("warned is keep, or left out"), STR_INIT("warned 는 keep 이거나 생략합니다")},
    {STR_INIT("we have originated no such object"),
        STR_INIT("그런 객체를 우리가 생산한 적이 없습니다")},
    {STR_INIT("what came cannot be imported"), STR_INIT("받은 것을 가져올 수 없습니다")},
    {STR_INIT("a later version of this list is held; remove it first"),
        STR_INIT("이 목록의 더 새로운 판을 가지고 있습니다; 먼저 "
                 "그것을 지우십시오")},
    {STR_INIT("a part was stored"), STR_INIT("일부가 저장되었습니다")},
    {STR_INIT("a person is not in the register of that party; see: bongsu person list"),
        STR_INIT("그 당사자의 명부에 없는 사람이 있습니다; bongsu "
                 "person list 를 보십시오")},
    {STR_INIT("a preview shows less than this; preview a part of the document"),
        STR_INIT("미리보기에는 너무 많습니다; 문서의 일부만 미리 "
                 "보십시오")},
    {STR_INIT("a token is needed: BONGSU_TOKEN, or the file `token` in the node's "
              "folder; see: bongsu token create"),
        STR_INIT("토큰이 필요합니다: BONGSU_TOKEN 또는 노드 폴더의 token "
                 "파일; bongsu token create 를 보십시오")},
    {STR_INIT("a warning list has 16 MiB at most"), STR_INIT("경고 목록은 16 MiB 까지입니다")},
    {STR_INIT("after is the number that the page before gave as next"),
        STR_INIT("after 에는 앞 쪽의 next 숫자를 씁니다")},
    {STR_INIT("an approval is by nobody in the register of officers; see: bongsu "
              "officer list"),
        STR_INIT("담당관 명부에 없는 사람의 승인입니다; bongsu officer "
                 "list 를 보십시오")},
    {STR_INIT("an approval is of another order: what would be done is not what was "
              "approved; preview it again and have that approved"),
        STR_INIT("다른 명령에 대한 승인입니다: 하려는 일이 승인된 "
                 "일과 다릅니다; 다시 미리 보고 승인받으십시오")},
    {STR_INIT("an approval was used before: have the order approved again"),
        STR_INIT("이미 쓴 승인입니다: 명령을 다시 승인받으십시오")},
    {STR_INIT("an import is named by its number; see the list"),
        STR_INIT("가져오기는 번호로 가리킵니다; 목록을 보십시오")},
    {STR_INIT("approvals is a list of texts"), STR_INIT("approvals 는 글자들의 목록입니다")},
    {STR_INIT("author is not text in UTF-8"), STR_INIT("author 가 UTF-8 글자가 아닙니다")},
    {STR_INIT("destroyed here with its import"), STR_INIT("가져오기와 함께 여기서 파기됨")},
    {STR_INIT("it says more than one import may keep: split it"),
        STR_INIT("한 번의 가져오기에 담을 수 있는 것보다 많습니다: "
                 "나누십시오")},
    {STR_INIT("its objects are not in the store"), STR_INIT("그 객체들이 저장소에 없습니다")},
    {STR_INIT("label is not text in UTF-8"), STR_INIT("label 이 UTF-8 글자가 아닙니다")},
    {STR_INIT("limit is a number from 1 to 1000"), STR_INIT("limit 는 1~1000 의 숫자입니다")},
    {STR_INIT("marking is one of clear, green, amber, amber+strict, red"),
        STR_INIT("marking 은 clear, green, amber, amber+strict, red 가운데 "
                 "하나입니다")},
    {STR_INIT("more than one envelope"), STR_INIT("봉투(envelope)가 하나보다 많습니다")},
    {STR_INIT("no event has that number: this store is another one, or an earlier "
              "copy; begin again with after=0"),
        STR_INIT("그 번호의 사건이 없습니다: 다른 저장소이거나 더 "
                 "오래된 사본입니다; after=0 으로 다시 시작하십시오")},
    {STR_INIT("no such flash was sent; see: bongsu flash list"),
        STR_INIT("그런 긴급 통보를 보낸 적이 없습니다; bongsu flash list "
                 "를 보십시오")},
    {STR_INIT("nothing was stored"), STR_INIT("저장하지 않았습니다")},
    {STR_INIT("one syllable is too little to search for: give two that stand together"),
        STR_INIT("한 음절로는 검색할 수 없습니다: 이어진 두 음절 "
                 "이상을 적으십시오")},
    {STR_INIT("q has more than 16 words: leave some out"),
        STR_INIT("q 의 낱말이 16개를 넘습니다: 줄이십시오")},
    {STR_INIT("q has no letter, digit or syllable in it"),
        STR_INIT("q 에 글자, 숫자, 음절이 없습니다")},
    {STR_INIT("q is not text in UTF-8"), STR_INIT("q 가 UTF-8 글자가 아닙니다")},
    {STR_INIT("reason is a code of a-z and hyphens, at most 32; hours at most a year"),
        STR_INIT("reason 은 a-z 와 붙임표로 32자까지, hours 는 "
                 "1년까지입니다")},
    {STR_INIT("recalled, but a party that has it has no link any more"),
        STR_INIT("회수했으나, 그것을 가진 당사자와의 링크가 더는 "
                 "없음")},
    {STR_INIT("since and until are times such as 2026-11-23T18:00:00Z"),
        STR_INIT("since 와 until 은 2026-11-23T18:00:00Z 같은 시각입니다")},
    {STR_INIT("state is destroyed, quarantined or retained-legal; the last needs why, "
              "at most 1000 bytes of text"),
        STR_INIT("state 는 destroyed, quarantined, retained-legal 가운데 "
                 "하나이며, 마지막 것에는 why 가 1000바이트까지 "
                 "필요합니다")},
    {STR_INIT("that address does not take this method"),
        STR_INIT("그 주소는 이 메서드를 받지 않습니다")},
    {STR_INIT("the answer does not fit; ask for a smaller limit"),
        STR_INIT("답이 한도를 넘습니다; limit 를 줄이십시오")},
    {STR_INIT("the answer does not fit; ask for less"),
        STR_INIT("답이 한도를 넘습니다; 적게 요청하십시오")},
    {STR_INIT("the answer is no envelope"), STR_INIT("답이 봉투(envelope)가 아닙니다")},
    {STR_INIT("the body has to be application/taxii+json;version=2.1"),
        STR_INIT("본문은 application/taxii+json;version=2.1 이어야 합니다")},
    {STR_INIT("the body is a JSON object of a feed's texts; none is too long, none "
              "unknown"),
        STR_INIT("본문은 피드의 항목을 담은 JSON 객체입니다; 너무 "
                 "길거나 모르는 항목이 없어야 합니다")},
    {STR_INIT("the body is over max_content_length; send less at a time"),
        STR_INIT("본문이 max_content_length 를 넘습니다; 나누어 "
                 "보내십시오")},
    {STR_INIT("the body is {\"ours\": statement, \"theirs\": statement}"),
        STR_INIT("본문은 {\"ours\": 진술서, \"theirs\": 진술서} 입니다")},
    {STR_INIT("the disk is full or failed; the node is read-only until it is "
              "restarted with room"),
        STR_INIT("디스크가 가득 찼거나 고장입니다; 공간을 마련해 "
                 "다시 시작할 때까지 노드는 읽기만 합니다")},
    {STR_INIT("the disk is full or failed; what was released before is listed by: "
              "bongsu status"),
        STR_INIT("디스크가 가득 찼거나 고장입니다; 그 전에 배포된 "
                 "것은 bongsu status 에 나옵니다")},
    {STR_INIT("the document is empty"), STR_INIT("문서가 비어 있습니다")},
    {STR_INIT("the entry commits to other decisions"),
        STR_INIT("항목이 다른 결정에 묶여 있습니다")},
    {STR_INIT("the entry commits to other objects"),
        STR_INIT("항목이 다른 객체에 묶여 있습니다")},
    {STR_INIT("the import was undone while it ran"),
        STR_INIT("실행 중에 가져오기가 되돌려졌습니다")},
    {STR_INIT("the link is frozen: its ledgers contradict each other; officers decide "
              "first"),
        STR_INIT("링크가 동결되었습니다: 두 원장이 서로 어긋납니다; "
                 "담당관이 먼저 결정해야 합니다")},
    {STR_INIT("the link is not frozen"), STR_INIT("링크는 동결되지 않았습니다")},
    {STR_INIT("the node could not read its store"),
        STR_INIT("노드가 저장소를 읽지 못했습니다")},
    {STR_INIT("the query has a parameter that this address does not know"),
        STR_INIT("이 주소가 모르는 매개변수가 질의에 있습니다")},
    {STR_INIT("the root has a collection with that alias"),
        STR_INIT("그 루트에 그 alias 의 컬렉션이 이미 있습니다")},
    {STR_INIT("the server asks for patience"), STR_INIT("서버가 기다리라고 합니다")},
    {STR_INIT("the server does not speak TAXII 2.1 there"),
        STR_INIT("그 주소의 서버는 TAXII 2.1 을 하지 않습니다")},
    {STR_INIT("the server has moved; redirects are not followed, give the new address"),
        STR_INIT("서버가 옮겨 갔습니다; 넘겨주기는 따르지 않으니 새 "
                 "주소를 적으십시오")},
    {STR_INIT("the server has nothing at this address"),
        STR_INIT("서버의 이 주소에는 아무것도 없습니다")},
    {STR_INIT("the server is busy"), STR_INIT("서버가 바쁩니다")},
    {STR_INIT("the server refuses this account"), STR_INIT("서버가 이 계정을 거부합니다")},
    {STR_INIT("the server wants a name and a password, or others"),
        STR_INIT("서버가 이름과 비밀번호, 또는 다른 것을 요구합니다")},
    {STR_INIT("there is a token of that name; revoke it first or choose another"),
        STR_INIT("그 이름의 토큰이 이미 있습니다; 먼저 폐기하거나 "
                 "다른 이름을 고르십시오")},
    {STR_INIT("there is a token or an account of that name, or with that certificate; "
              "names are given once"),
        STR_INIT("그 이름의 토큰이나 계정, 또는 그 인증서의 계정이 "
                 "있습니다; 이름은 한 번만 씁니다")},
    {STR_INIT("there is no feed of that name; see: bongsu feed list"),
        STR_INIT("그 이름의 피드가 없습니다; bongsu feed list 를 "
                 "보십시오")},
    {STR_INIT("there is no recipient of that name in force; see: bongsu recipient "
              "list"),
        STR_INIT("그 이름의 유효한 수신처가 없습니다; bongsu recipient "
                 "list 를 보십시오")},
    {STR_INIT("there is no root of that name; see: bongsu taxii root list"),
        STR_INIT("그 이름의 루트가 없습니다; bongsu taxii root list 를 "
                 "보십시오")},
    {STR_INIT("there is no such address on this node"),
        STR_INIT("이 노드에 그런 주소가 없습니다")},
    {STR_INIT("there is, or was, a recipient of that name; names are given once: "
              "choose another"),
        STR_INIT("그 이름의 수신처가 있거나 있었습니다; 이름은 한 "
                 "번만 쓰니 다른 것을 고르십시오")},
    {STR_INIT("there is, or was, a root of that name; names are given once"),
        STR_INIT("그 이름의 루트가 있거나 있었습니다; 이름은 한 "
                 "번만 씁니다")},
    {STR_INIT("this caller has no right to do that; see: bongsu token create --rights"),
        STR_INIT("그럴 권한이 없습니다; bongsu token create --rights 를 "
                 "보십시오")},
    {STR_INIT("this id and version is held with another content; send a new version"),
        STR_INIT("이 ID와 판을 다른 내용으로 가지고 있습니다; 새 "
                 "판을 보내십시오")},
    {STR_INIT("this server sends application/taxii+json;version=2.1 and nothing else"),
        STR_INIT("이 서버는 application/taxii+json;version=2.1 만 보냅니다")},
    {STR_INIT("too many requests of this partner are at work; try again"),
        STR_INIT("이 상대방의 요청이 너무 많이 진행 중입니다; 다시 "
                 "하십시오")},
    {STR_INIT("what was approved has changed since; preview it again"),
        STR_INIT("승인된 뒤에 바뀌었습니다; 다시 미리 보십시오")},
    {STR_INIT("what was approved has changed since; preview it again and have that "
              "approved"),
        STR_INIT("승인된 뒤에 바뀌었습니다; 다시 미리 보고 "
                 "승인받으십시오")},
    {STR_INIT("you keep no query of that name"),
        STR_INIT("그 이름의 질의를 보관하고 있지 않습니다")},
    {STR_INIT("the input is not valid"), STR_INIT("입력이 올바르지 않습니다")},
    {STR_INIT("the input is over a limit"), STR_INIT("입력이 한도를 넘습니다")},
    {STR_INIT("refused by a rule or a missing right"),
        STR_INIT("규칙에 어긋나거나 권한이 없어 거부되었습니다")},
    {STR_INIT("not found"), STR_INIT("찾을 수 없습니다")},
    {STR_INIT("conflicts with what is already there"), STR_INIT("이미 있는 것과 충돌합니다")},
    {STR_INIT("busy, try again"), STR_INIT("바쁩니다, 다시 하십시오")},
    {STR_INIT("does not verify, or is damaged"), STR_INIT("검증되지 않거나 손상되었습니다")},
    {STR_INIT("the system failed"), STR_INIT("시스템이 실패했습니다")},
};

static struct str find(struct str text)
{
    for (size_t i = 0; i < LEN(texts); i++)
        if (str_eq(texts[i].english, text))
            return texts[i].korean;
    return (struct str){"", 0};
}

struct str node_text_in(struct arena *a, enum language language, struct str text)
{
    size_t colon = str_find(text, STR(": "));
    struct str korean = find(text);
    if (language != LANGUAGE_KO || korean.len)
        return korean.len && language == LANGUAGE_KO ? korean : text;
    korean = find(str_to(text, colon)); // "sentence: what it is about"
    if (colon == text.len || korean.len == 0)
        return text;
    struct buf b = buf_in(a, korean.len + text.len);
    buf_put(&b, korean);
    buf_put(&b, str_from(text, colon));
    return b.err == ERR_OK ? buf_str(&b) : text;
}
