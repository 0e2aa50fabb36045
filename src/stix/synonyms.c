// SPDX-License-Identifier: Apache-2.0
#include "stix/synonyms.h"

// Folded, as stix_text_fold writes them.
static const struct str rows[] = {
    STR_INIT("라자루스|lazarus|lazarus group|hidden cobra"),
    STR_INIT("김수키|kimsuky|thallium|emerald sleet"),
    STR_INIT("안다리엘|andariel|onyx sleet"),
    STR_INIT("블루노로프|bluenoroff|sapphire sleet"),
    STR_INIT("스카크러프트|scarcruft|apt37|금성121"),
    STR_INIT("매직라인|magicline|magicline4nx"),
    STR_INIT("워너크라이|wannacry"),
    STR_INIT("랜섬웨어|ransomware"),
    STR_INIT("스파이웨어|spyware"),
    STR_INIT("악성코드|malware|멀웨어"),
    STR_INIT("피싱|phishing"),
    STR_INIT("스피어피싱|spear phishing|spearphishing|spear-phishing"),
    STR_INIT("공급망|supply chain"),
    STR_INIT("공급망공격|supply chain attack"),
    STR_INIT("워터링홀|watering hole"),
    STR_INIT("취약점|vulnerability|vulnerabilities"),
    STR_INIT("제로데이|zero-day|zero day|0-day"),
    STR_INIT("해킹조직|hacking group|threat actor|위협행위자"),
    STR_INIT("침해지표|indicator of compromise|ioc"),
    STR_INIT("침해사고|intrusion incident"),
    STR_INIT("국가배후|state-sponsored|state sponsored|state-backed"),
    STR_INIT("망연계|network linkage"),
    STR_INIT("망분리|network separation"),
    STR_INIT("경유지|stepping-stone"),
    STR_INIT("명령제어|command and control|c2"),
    STR_INIT("가상자산|virtual asset|virtual assets"),
    STR_INIT("탈취|theft"),
    STR_INIT("권고문|advisory"),
    STR_INIT("완화조치|mitigation"),
    STR_INIT("사이버훈련|cyber exercise"),
    STR_INIT("보안관제|security monitoring"),
    STR_INIT("정찰총국|reconnaissance general bureau|rgb|정찰정보총국"),
    STR_INIT("북한|dprk|north korea"),
    STR_INIT("한국|대한민국|south korea|republic of korea"),
    STR_INIT("영국|united kingdom"),
    STR_INIT("국가정보원|국정원|national intelligence service|nis"),
    STR_INIT("국가안보실|national security office"),
    STR_INIT("외교부|mofa"),
    STR_INIT("한국인터넷진흥원|kisa"),
    STR_INIT("경찰청|korean national police agency|knpa"),
    STR_INIT("금융보안원|financial security institute|fsi"),
    STR_INIT("국가범죄청|national crime agency|nca"),
    STR_INIT("드림시큐리티|dream security|dreamsecurity"),
    STR_INIT("안랩|ahnlab"),
    STR_INIT("하우리|hauri"),
    STR_INIT("이스트시큐리티|estsecurity"),
};

struct str stix_synonyms_row(size_t i)
{
    return i < LEN(rows) ? rows[i] : (struct str){"", 0};
}

struct str stix_synonyms(struct str folded)
{
    for (size_t i = 0; folded.len && i < LEN(rows); i++)
        for (struct str rest = rows[i]; rest.len;)
            if (str_eq(str_cut(&rest, '|'), folded))
                return rows[i];
    return (struct str){"", 0};
}
