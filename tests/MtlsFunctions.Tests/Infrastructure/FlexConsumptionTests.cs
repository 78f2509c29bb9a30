namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>
/// What Flex Consumption doesn't take. Older regions pass over it in silence and newer ones end the deployment with error 51021, so
/// a deployment that worked says nothing (terraform-azurerm-avm-res-web-site #345, #360).
/// </summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed class FlexConsumptionTests(CompiledInfrastructure infrastructure)
{
    /// <summary>Refused by name in reports of error 51021, or without meaning on Linux, behind functionAppConfig, or with one scale of its own.</summary>
    private static readonly string[] Refused =
    [
        "alwaysOn", "autoHealEnabled", "elasticWebAppScaleLimit", "ftpsState", "functionAppScaleLimit", "functionsRuntimeScaleMonitoringEnabled",
        "javaVersion", "linuxFxVersion", "minimumElasticInstanceCount", "netFrameworkVersion", "nodeVersion", "numberOfWorkers", "phpVersion",
        "powerShellVersion", "preWarmedInstanceCount", "pythonVersion", "use32BitWorkerProcess", "windowsFxVersion",
    ];

    /// <summary>Taken: the provider for Terraform sends each of these to Flex Consumption (azurerm_function_app_flex_consumption).</summary>
    private static readonly string[] Taken =
    [
        "appSettings", "http20Enabled", "ipSecurityRestrictions", "ipSecurityRestrictionsDefaultAction", "minTlsVersion",
        "remoteDebuggingEnabled", "scmMinTlsVersion",
    ];

    /// <summary>Settings that moved into functionAppConfig or that the platform sets itself (Flex Consumption plan deprecations).</summary>
    private static readonly string[] Moved =
    [
        "ENABLE_ORYX_BUILD", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "FUNCTIONS_MAX_HTTP_CONCURRENCY", "FUNCTIONS_WORKER_PROCESS_COUNT", "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
        "SCM_DO_BUILD_DURING_DEPLOYMENT", "TZ", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTOVERVNET", "WEBSITE_CONTENTSHARE",
        "WEBSITE_DNS_SERVER", "WEBSITE_LOAD_CERTIFICATES", "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "WEBSITE_NODE_DEFAULT_VERSION",
        "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_SKIP_CONTENTSHARE_VALIDATION", "WEBSITE_TIME_ZONE", "WEBSITE_VNET_ROUTE_ALL",
    ];

    private static readonly string[] RefusedOfTheSite = ["containerSize", "isReserved", "hyperV", "isXenon", "dailyMemoryTimeQuota", "vnetRouteAllEnabled"];

    public static TheoryData<string> Deployments => ["sample", "azd", "front-door", "reverse-proxy"];

    [Theory]
    [MemberData(nameof(Deployments))]
    public void Nothing_that_it_refuses_is_sent(string deployment)
    {
        var app = infrastructure.Deployments[deployment].App["properties"]!.AsObject();
        var config = app["siteConfig"]!.AsObject().Select(property => property.Key).ToArray();

        Assert.Empty(config.Intersect(Refused, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(app.Select(property => property.Key).Intersect(RefusedOfTheSite, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(infrastructure.Deployments[deployment].AppSettings.Keys.Intersect(Moved, StringComparer.OrdinalIgnoreCase));
        // Whatever is new here is looked up first.
        Assert.Equal(Taken, config.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_request_is_held_to_one_instance() =>
        Assert.False((bool)infrastructure.Deployments["azd"].App["properties"]!["clientAffinityEnabled"]!);

    [Theory]
    [InlineData("azd", "Recreate")]
    [InlineData("front-door", "RollingUpdate")]
    public void A_deployment_ends_requests_unless_somebody_takes_the_preview(string deployment, string strategy) =>
        Assert.Equal(strategy, (string?)infrastructure.Deployments[deployment].App["properties"]!["functionAppConfig"]!["siteUpdateStrategy"]!["type"]);

    [Fact]
    public void The_host_finds_its_storage_by_name_and_by_address_and_shows_no_page_of_its_own()
    {
        var named = infrastructure.Deployments["azd"].AppSettings;

        Assert.StartsWith("stmtls", named["AzureWebJobsStorage:accountName"], StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage:blobServiceUri", named.Keys);
        Assert.Equal("true", named["AzureWebJobsDisableHomepage"]);
    }

    [Fact]
    public void A_worker_that_the_platform_has_started_ahead_can_be_refused()
    {
        Assert.Equal("0", infrastructure.Deployments["front-door"].AppSettings["WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED"]);
        Assert.DoesNotContain("WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", infrastructure.Deployments["azd"].AppSettings.Keys);
    }

    [Fact]
    public void What_a_name_of_ones_own_needs_first_is_told_by_the_first_pass() =>
        Assert.Subset(Outputs().ToHashSet(), new HashSet<string> { "defaultHost", "domainVerificationId", "readinessUrl" });

    [Fact]
    public void No_version_of_a_service_is_used_that_is_to_be_switched_off() => Assert.All(
        infrastructure.Template.All.SelectMany(template => template["resources"]!.AsObject()).Select(resource => resource.Value!),
        resource =>
        {
            if (((string?)resource["type"])!.StartsWith("Microsoft.KeyVault/", StringComparison.Ordinal))
                Assert.True(string.CompareOrdinal((string?)resource["apiVersion"], "2026-02-01") >= 0, "Switched off on 2027-02-27.");
        });

    private IEnumerable<string> Outputs() => infrastructure.Template.Root["outputs"]!.AsObject().Select(output => output.Key);
}
