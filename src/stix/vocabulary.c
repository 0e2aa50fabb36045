// SPDX-License-Identifier: Apache-2.0
#include "stix/vocabulary_priv.h"

// Words separated by blanks. Errata 01 added some that older partners do not know.
static const struct str words[VOCABULARIES] = {
    [VOCABULARY_DEFINITION_TYPE] = STR_INIT("statement tlp"),
    [VOCABULARY_ACCOUNT_TYPE] =
        STR_INIT("facebook ldap nis openid radius skype tacacs twitter unix windows-local "
                 "windows-domain"),
    [VOCABULARY_ATTACK_MOTIVATION] =
        STR_INIT("accidental coercion dominance ideology notoriety organizational-gain "
                 "personal-gain personal-satisfaction revenge unpredictable"),
    [VOCABULARY_ATTACK_RESOURCE_LEVEL] =
        STR_INIT("individual club contest team organization government"),
    [VOCABULARY_GROUPING_CONTEXT] =
        STR_INIT("suspicious-activity malware-analysis unspecified"),
    [VOCABULARY_HASH_ALGORITHM] =
        STR_INIT("MD5 SHA-1 SHA-256 SHA-512 SHA3-256 SHA3-512 SSDEEP TLSH"),
    [VOCABULARY_IDENTITY_CLASS] =
        STR_INIT("individual group system organization class unknown"),
    [VOCABULARY_IMPLEMENTATION_LANGUAGE] =
        STR_INIT("applescript bash c c++ c# go java javascript lua objective-c perl php "
                 "powershell python ruby rust scala swift typescript visual-basic x86-32 "
                 "x86-64"),
    [VOCABULARY_INDICATOR_TYPE] =
        STR_INIT("anomalous-activity anonymization benign compromised malicious-activity "
                 "attribution unknown"),
    [VOCABULARY_INDUSTRY_SECTOR] =
        STR_INIT("agriculture aerospace automotive chemical commercial communications "
                 "construction defense education energy entertainment financial-services "
                 "government emergency-services government-local government-national "
                 "government-public-services government-regional healthcare "
                 "hospitality-leisure infrastructure dams nuclear water insurance legal "
                 "manufacturing mining non-profit pharmaceuticals retail technology "
                 "telecommunications transportation utilities"),
    [VOCABULARY_INFRASTRUCTURE_TYPE] =
        STR_INIT("amplification anonymization botnet command-and-control control-system "
                 "exfiltration firewall hosting-malware hosting-target-lists phishing "
                 "reconnaissance routers-switches staging workstation unknown"),
    [VOCABULARY_MALWARE_CAPABILITIES] =
        STR_INIT("accesses-remote-machines anti-debugging anti-disassembly anti-emulation "
                 "anti-memory-forensics anti-sandbox anti-vm captures-input-peripherals "
                 "captures-output-peripherals captures-system-state-data "
                 "cleans-traces-of-infection commits-fraud communicates-with-c2 "
                 "compromises-data-availability compromises-data-integrity "
                 "compromises-system-availability controls-local-machine "
                 "degrades-security-software degrades-system-updates determines-c2-server "
                 "emails-spam escalates-privileges evades-av exfiltrates-data "
                 "fingerprints-host hides-artifacts hides-executing-code infects-files "
                 "infects-remote-machines installs-other-components "
                 "persists-after-system-reboot prevents-artifact-access "
                 "prevents-artifact-deletion probes-network-environment self-modifies "
                 "steals-authentication-credentials violates-system-operational-integrity"),
    [VOCABULARY_MALWARE_RESULT] = STR_INIT("malicious suspicious benign unknown"),
    [VOCABULARY_MALWARE_TYPE] =
        STR_INIT("adware backdoor bot bootkit ddos downloader dropper exploit-kit "
                 "keylogger ransomware remote-access-trojan resource-exploitation "
                 "rogue-security-software rootkit screen-capture spyware trojan unknown "
                 "virus webshell wiper worm"),
    [VOCABULARY_PATTERN_TYPE] = STR_INIT("stix pcre sigma snort suricata yara"),
    [VOCABULARY_PROCESSOR_ARCHITECTURE] =
        STR_INIT("alpha arm ia-64 mips powerpc sparc x86 x86-64"),
    [VOCABULARY_REGION] =
        STR_INIT("africa eastern-africa middle-africa northern-africa southern-africa "
                 "western-africa americas caribbean central-america "
                 "latin-america-caribbean northern-america south-america asia central-asia "
                 "eastern-asia southern-asia south-eastern-asia western-asia europe "
                 "eastern-europe northern-europe southern-europe western-europe oceania "
                 "antarctica australia-new-zealand melanesia micronesia polynesia"),
    [VOCABULARY_REPORT_TYPE] =
        STR_INIT("attack-pattern campaign identity incident indicator intrusion-set "
                 "malware observed-data threat-actor threat-report tool vulnerability"),
    [VOCABULARY_THREAT_ACTOR_TYPE] =
        STR_INIT("activist competitor crime-syndicate criminal hacker insider-accidental "
                 "insider-disgruntled nation-state private-sector sensationalist spy "
                 "terrorist unknown"),
    [VOCABULARY_THREAT_ACTOR_ROLE] =
        STR_INIT("agent director independent infrastructure-architect "
                 "infrastructure-operator malware-author sponsor"),
    [VOCABULARY_THREAT_ACTOR_SOPHISTICATION] =
        STR_INIT("none minimal intermediate advanced expert innovator strategic"),
    [VOCABULARY_TOOL_TYPE] =
        STR_INIT("denial-of-service exploitation information-gathering network-capture "
                 "credential-exploitation remote-access vulnerability-scanning unknown"),
    [VOCABULARY_WINDOWS_PEBINARY_TYPE] = STR_INIT("dll exe sys"),
    [VOCABULARY_ENCRYPTION_ALGORITHM] =
        STR_INIT("AES-256-GCM ChaCha20-Poly1305 mime-type-indicated"),
    [VOCABULARY_EXTENSION_TYPE] =
        STR_INIT("new-sdo new-sco new-sro property-extension toplevel-property-extension"),
    [VOCABULARY_NETWORK_SOCKET_ADDRESS_FAMILY] =
        STR_INIT("AF_UNSPEC AF_INET AF_IPX AF_APPLETALK AF_NETBIOS AF_INET6 AF_IRDA AF_BTH"),
    [VOCABULARY_NETWORK_SOCKET_TYPE] =
        STR_INIT("SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET"),
    [VOCABULARY_OPINION] = STR_INIT("strongly-disagree disagree neutral agree strongly-agree"),
    [VOCABULARY_WINDOWS_INTEGRITY_LEVEL] = STR_INIT("low medium high system"),
    [VOCABULARY_WINDOWS_REGISTRY_DATATYPE] =
        STR_INIT("REG_NONE REG_SZ REG_EXPAND_SZ REG_BINARY REG_DWORD REG_DWORD_BIG_ENDIAN "
                 "REG_DWORD_LITTLE_ENDIAN REG_LINK REG_MULTI_SZ REG_RESOURCE_LIST "
                 "REG_FULL_RESOURCE_DESCRIPTION REG_RESOURCE_REQUIREMENTS_LIST REG_QWORD "
                 "REG_INVALID_TYPE"),
    [VOCABULARY_WINDOWS_SERVICE_START_TYPE] =
        STR_INIT("SERVICE_AUTO_START SERVICE_BOOT_START SERVICE_DEMAND_START "
                 "SERVICE_DISABLED SERVICE_SYSTEM_ALERT"),
    [VOCABULARY_WINDOWS_SERVICE_TYPE] =
        STR_INIT("SERVICE_KERNEL_DRIVER SERVICE_FILE_SYSTEM_DRIVER "
                 "SERVICE_WIN32_OWN_PROCESS SERVICE_WIN32_SHARE_PROCESS"),
    [VOCABULARY_WINDOWS_SERVICE_STATUS] =
        STR_INIT("SERVICE_CONTINUE_PENDING SERVICE_PAUSE_PENDING SERVICE_PAUSED "
                 "SERVICE_RUNNING SERVICE_START_PENDING SERVICE_STOP_PENDING "
                 "SERVICE_STOPPED"),
};

bool vocabulary_has(enum vocabulary v, struct str word)
{
    for (struct str rest = words[v]; rest.len;)
        if (str_eq(str_cut(&rest, ' '), word))
            return true;
    return false;
}
