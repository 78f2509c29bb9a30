using System.Reflection;
using Microsoft.Extensions.Configuration;
using MtlsFunctions.LocalHost;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>local.settings.sample.json lists every setting that an options class reads, and no other.</summary>
public sealed class LocalSettingsSampleTests
{
    /// <summary>Read by the hosts and by LocalHost itself.</summary>
    private static readonly string[] NotOfTheProduct = ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "Azurite:TablePort", "Sandbox:Port"];

    private static readonly IConfiguration Sample = LocalSettings.ReadFileOnly(Repository.PathOf("local.settings.sample.json"));

    [Fact]
    public void The_sample_lists_every_setting_and_no_other()
    {
        var listed = Sample.AsEnumerable().Where(setting => setting.Value is not null).Select(setting => Shape(setting.Key)).Except(NotOfTheProduct);
        Assert.Equal(ProductSettings.Names.Order(), listed.Distinct().Order());
    }

    [Fact]
    public void Every_value_in_the_sample_binds_and_is_the_default()
    {
        foreach (var type in ProductSettings.OptionTypes)
        {
            var defaults = Activator.CreateInstance(type)!;
            var bound = Sample.GetSection(ProductSettings.SectionOf(type)!).Get(type)!;
            foreach (var property in Scalars(type).Where(property => property.Name != "ConnectionString"))
                Assert.Equal(OrNull(property.GetValue(defaults)), OrNull(property.GetValue(bound)));
        }
    }

    // A text setting that is empty counts as not set.
    private static object? OrNull(object? value) => value is "" ? null : value;

    private static IEnumerable<PropertyInfo> Scalars(Type type) =>
        type.GetProperties().Where(property => property.CanWrite && ProductSettings.ElementOf(property) is null);

    // List indices and the names of issuers, administrators, clients and services are the reader's to choose.
    private static readonly string[] Chosen = ["entra", "example", "agentVep"];

    private static string Shape(string key) =>
        string.Join(':', key.Split(':').Select(part => int.TryParse(part, out _) || Chosen.Contains(part) ? "*" : part));
}
