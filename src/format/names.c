// SPDX-License-Identifier: Apache-2.0
#include "format/names_priv.h"

#include <string.h>

// Assigned country codes (ISO 3166-1 as delegated), and the generic names in wide use.
static const char countries[] =
    " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br"
    " bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz"
    " ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw"
    " gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw"
    " ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu"
    " mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt"
    " pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc"
    " td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws"
    " ye yt za zm zw ";
static const char generic[] =
    " com net org edu gov mil int arpa info biz name pro mobi aero asia cat coop jobs museum "
    "tel"
    " travel post xxx onion academy agency app art autos bar beauty best bet bid bio blog boats"
    " bond buzz cafe cam camp capital care cash casino cards center cfd charity chat church "
    "city"
    " cloud club codes coffee community company computer cool credit cyou dance date day deal"
    " deals design dev digital direct directory domains download earth education email energy"
    " events exchange expert express fans farm finance financial fit foundation fun fund "
    "gallery"
    " game games gay gift gifts gives global gold golf group guru hair health help homes host"
    " hosting house icu inc ink institute international investments kim land law legal life"
    " limited link live loan lol ltd makeup management market marketing media men moe mom money"
    " monster movie network news ninja observer one online ooo page partners parts party pet"
    " photo photos pics pictures pink place plus poker porn press productions promo properties"
    " quest racing realty red rent rentals report rest review reviews rip rocks run sale sbs"
    " school science security services sex shop shopping show singles site skin social software"
    " solar solutions space sport store stream studio style sucks supply support surf systems"
    " tax team tech technology tips tires today tokyo tools top town toys trade trading "
    "training"
    " tube university uno vacations ventures video vin vip vision vote wang watch webcam "
    "website"
    " wiki win wine work works world wtf xin xyz yachts yoga zone ";
// Endings that are no top-level domain in wide use, then country codes and others that are.
static const char files[] =
    " 7z aac apk asp aspx avi bak bat bin bmp bz2 c cab cer cfg chm class cmd conf config cpl"
    " cpp crt crypt cs css csv dat db deb dex dll dmg doc docm docx dot dotm drv dump ear elf"
    " eml enc eps evtx exe gif gz h hta htm html hwp hwpx ico img inc ini ipa iso jar java jpeg"
    " jpg js jse json jsp key ko lnk local log lua m4 mp3 mp4 msc msg msi mui nls o obj ocx odt"
    " old ole ost ova pcap pdb pdf pem pfx php phtml plist png ppt pptm pptx prefs ps1 psd psm1"
    " pst rar rb reg rtf scr sct service shtml sln sqlite svg swf sys tar tgz tmp toml ttf txt"
    " url vb vba vbe vbs vhd vmdk wav wsc wsf wsh xll xls xlsb xlsm xlsx xml xps xsl yaml yar"
    " yara yml md pl ps py rs sh so zip mov ";

static bool has_word(const char *list, struct str word)
{
    struct str all = str_of(list);
    char space[24] = " ";
    if (word.len == 0 || word.len > sizeof space - 2)
        return false;
    memcpy(space + 1, word.ptr, word.len);
    space[word.len + 1] = ' ';
    return str_find(all, (struct str){space, word.len + 2}) < all.len;
}

bool name_is_top_level(struct str label)
{
    return str_starts(label, STR("xn--")) || has_word(countries, label) ||
           has_word(generic, label);
}

bool name_is_extension(struct str label)
{
    return has_word(files, label);
}
