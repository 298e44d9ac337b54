Caravan
Copyright 2026 the authors of Caravan

Licensed under the Apache License, Version 2.0: see LICENSE.

The libraries in lib/ are unchanged, with the licences and notices in them. Made by the build from their Maven metadata:

<#list dependencyMap as e>
<#assign project = e.getKey()/>
<#assign licenses = e.getValue()/>
${project.groupId}:${project.artifactId}:${project.version}: ${project.name!project.artifactId}<#if project.url??>, ${project.url}</#if>
    <#list licenses as license>${license}<#if license_has_next>, </#if></#list>
</#list>

Neo4j (GPLv3) is not in this distribution: it is fetched into a folder of its own when it is first started, and runs in a process of its own.
